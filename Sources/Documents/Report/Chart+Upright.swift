/// The field of a chart whose values rise upwards, with its axis and its categories drawn.
private struct Plot {
    var left: Double
    var top: Double
    var bottom: Double
    var axis: ChartAxis
    /// The width of one category.
    var slot: Double

    func y(_ value: Double) -> Double { bottom - axis.part(value) * (bottom - top) }
    func center(_ category: Int) -> Double { left + slot * (Double(category) + 0.5) }
}

extension Pages {
    private static let plotHeight = 170.0
    /// What a chart needs with its title, legend and names, in points.
    static let chartHeight = plotHeight + 90

    /// Bars that stand side by side in each category; where names do not fit under them, or bars would be too thin, they lie instead.
    mutating func drawBars(_ chart: Report.Chart, wording: Wording) throws(DocumentError) {
        guard !chart.categories.isEmpty else {
            try drawChartHead(chart, isLine: false)
            return try drawEmptyChart(wording)
        }
        let slot = (Self.textWidth - 40) / Double(chart.categories.count)
        var widest = 0.0
        for name in chart.categories { widest = max(widest, try text(name, ChartLook.labelStyle).width) }
        if widest > slot - 4 || slot / Double(chart.series.count) < 9 { return try drawLyingBars(chart, wording: wording) }
        let plot = try startPlot(chart, isLine: false, wording: wording)
        let group = plot.slot * 0.72
        let width = min(group / Double(chart.series.count), 42)
        for (index, series) in chart.series.enumerated() {
            for (category, value) in series.values.enumerated() {
                guard let value else { continue }
                let x = plot.center(category) + width * (Double(index) - Double(chart.series.count) / 2)
                let ends = [plot.y(value), plot.y(0)].sorted()
                box(
                    x: x,
                    y: ends[0],
                    width: width,
                    height: ends[1] - ends[0],
                    fill: ChartLook.shades[index % ChartLook.shades.count],
                    frame: 0.5
                )
                let label = try text(chart.label(value, wording), TextStyle(size: 7.5))
                if label.width <= width + 6 {
                    draw(label, x: x + (width - label.width) / 2, y: value < 0 ? ends[1] + 1 : ends[0] - label.height - 0.5)
                }
            }
        }
        endPlot(plot)
    }

    /// Lines from category to category, broken where a value is missing.
    mutating func drawLines(_ chart: Report.Chart, wording: Wording) throws(DocumentError) {
        guard !chart.categories.isEmpty else {
            try drawChartHead(chart, isLine: true)
            return try drawEmptyChart(wording)
        }
        let plot = try startPlot(chart, isLine: true, wording: wording)
        for (index, series) in chart.series.enumerated() {
            var run: [(x: Double, y: Double)] = []
            var points: [(x: Double, y: Double)] = []
            let dashes = ChartLook.dashes[index % ChartLook.dashes.count]
            for (category, value) in series.values.enumerated() {
                if let value {
                    run.append((plot.center(category), plot.y(value)))
                    points.append((plot.center(category), plot.y(value)))
                } else {
                    line(run, thickness: 1.4, dashes: dashes)
                    run = []
                }
            }
            line(run, thickness: 1.4, dashes: dashes)
            // Marks of closer points would run into one another.
            if plot.slot >= 9 { for point in points { drawMark(index, x: point.x, y: point.y) } }
        }
        endPlot(plot)
    }

    private mutating func startPlot(_ chart: Report.Chart, isLine: Bool, wording: Wording) throws(DocumentError) -> Plot {
        try keep(Self.chartHeight)
        try drawChartHead(chart, isLine: isLine)
        if !chart.valueLabel.isEmpty {
            let label = try text(chart.valueLabel, ChartLook.labelStyle, width: Self.textWidth)
            draw(label, x: Self.left, y: y)
            y += label.height
        }
        y += 12
        let axis = ChartAxis(chart)
        var ticks: [(value: Double, label: TextLayout)] = []
        for tick in axis.ticks { ticks.append((tick, try text(chart.label(tick, wording), ChartLook.labelStyle))) }
        let left = Self.left + (ticks.map(\.label.width).max() ?? 0) + 6
        let slot = (Self.right - left) / Double(chart.categories.count)
        let plot = Plot(left: left, top: y, bottom: y + Self.plotHeight, axis: axis, slot: slot)
        for tick in ticks {
            let y = plot.y(tick.value)
            rule(from: left, to: Self.right, y: y, thickness: 0.4, gray: 0.75)
            draw(tick.label, x: left - 5 - tick.label.width, y: y - tick.label.height / 2)
        }
        // Every so many categories have a name when all of them have no room.
        let every = max(Int((30 / slot).rounded(.up)), 1)
        let style = TextStyle(size: 8, gray: 0.15, side: .center, maximumLines: 2)
        var labelHeight = 0.0
        for category in stride(from: 0, to: chart.categories.count, by: every) {
            let width = slot * Double(every) - 2
            let label = try text(chart.categories[category], style, width: width)
            draw(label, x: plot.center(category) - width / 2, y: plot.bottom + 4)
            rule(from: plot.center(category), to: plot.center(category) + 0.5, y: plot.bottom + 2, thickness: 3)
            labelHeight = max(labelHeight, label.height)
        }
        y = plot.bottom + labelHeight + 18
        return plot
    }

    /// The axes, over the bars that end on them.
    private func endPlot(_ plot: Plot) {
        line([(plot.left, plot.top), (plot.left, plot.bottom)], thickness: 0.9)
        rule(from: plot.left, to: Self.right, y: plot.y(0), thickness: 0.9)
    }
}
