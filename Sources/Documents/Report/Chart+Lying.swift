extension Pages {
    /// Bars that lie beside the names of their categories, over as many pages as they need.
    mutating func drawLyingBars(_ chart: Report.Chart, wording: Wording) throws(DocumentError) {
        let thickness = chart.series.count == 1 ? 11.0 : 8.0
        let labelWidth = Self.textWidth * 0.34
        let axis = ChartAxis(chart)
        let left = Self.left + labelWidth + 6
        // The longest bar leaves room for its number.
        let right = Self.right - 46
        func x(_ value: Double) -> Double { left + axis.part(value) * (right - left) }

        try keep(150)
        try drawChartHead(chart, isLine: false)
        if !chart.valueLabel.isEmpty {
            let label = try text(chart.valueLabel, ChartLook.labelStyle, width: right - left)
            draw(label, x: left, y: y)
            y += label.height + 2
        }
        var top = y
        for (category, name) in chart.categories.enumerated() {
            let label = try text(name, TextStyle(size: 8, gray: 0.15, side: .right, maximumLines: 2), width: labelWidth)
            let height = max(label.height, thickness * Double(chart.series.count)) + 7
            if height + 16 > space {
                try drawLyingAxis(chart, axis, x: x, from: top, wording: wording)
                try startPage()
                top = y
            }
            draw(label, x: Self.left, y: y + (height - label.height) / 2)
            for (index, series) in chart.series.enumerated() {
                guard let value = series.values[category] else { continue }
                let start = y + (height - thickness * Double(chart.series.count)) / 2 + thickness * Double(index)
                let ends = [x(0), x(value)].sorted()
                box(
                    x: ends[0],
                    y: start,
                    width: ends[1] - ends[0],
                    height: thickness,
                    fill: ChartLook.shades[index % ChartLook.shades.count],
                    frame: 0.5
                )
                let number = try text(chart.label(value, wording), TextStyle(size: 7.5))
                draw(number, x: ends[1] + 3, y: start + (thickness - number.height) / 2)
            }
            y += height
        }
        try drawLyingAxis(chart, axis, x: x, from: top, wording: wording)
        y += 14
    }

    /// The line of zero from `top` to here, and under it the axis with its numbers.
    private mutating func drawLyingAxis(
        _ chart: Report.Chart,
        _ axis: ChartAxis,
        x: (Double) -> Double,
        from top: Double,
        wording: Wording
    ) throws(DocumentError) {
        line([(x(0), top), (x(0), y)], thickness: 0.9)
        rule(from: x(axis.lowest), to: x(axis.highest), y: y, thickness: 0.6, gray: 0.4)
        for tick in axis.ticks {
            let label = try text(chart.label(tick, wording), ChartLook.labelStyle)
            line([(x(tick), y), (x(tick), y + 3)], thickness: 0.6, gray: 0.4)
            draw(label, x: x(tick) - label.width / 2, y: y + 3)
        }
        y += 14
    }
}
