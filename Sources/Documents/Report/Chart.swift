import Glibc

extension Report {
    /// Series of values over the same categories; shades, dashes and marks tell them apart on a grey print.
    package struct Chart: Equatable, Sendable {
        package struct Series: Equatable, Sendable {
            package var name: String
            /// One value for each category, nil where there is none.
            package var values: [Double?]

            package init(name: String, values: [Double?]) {
                self.name = name
                self.values = values
            }
        }

        package var title: String
        /// What the axis of values counts; may be empty.
        package var valueLabel: String
        package var categories: [String]
        /// Up to four; a legend names them when there are two or more.
        package var series: [Series]
        /// How values are written: a number, or a share as percent.
        package var kind: Table.Column.Kind

        package init(title: String, valueLabel: String = "", categories: [String], series: [Series], kind: Table.Column.Kind = .integer) {
            self.title = title
            self.valueLabel = valueLabel
            self.categories = categories
            self.series = series
            self.kind = kind
        }

        /// As many shades and dashes as can be told apart.
        static let maximumSeries = 4
        /// The largest value either way that an axis shows.
        static let largestValue = 1e14

        func check() throws(DocumentError) {
            guard (1...Self.maximumSeries).contains(series.count) else { throw DocumentError.chartShape(maximumSeries: Self.maximumSeries) }
            for one in series {
                guard one.values.count == categories.count, one.values.allSatisfy({ $0.map { abs($0) <= Self.largestValue } ?? true })
                else {
                    throw DocumentError.chartShape(maximumSeries: Self.maximumSeries)
                }
            }
        }

        func label(_ value: Double, _ wording: Wording) -> String {
            Table.Cell.number(value).text(kind, wording)
        }
    }
}

/// An axis from below the least value, or 0, to above the greatest, divided into round steps.
struct ChartAxis {
    let lowest: Double
    let highest: Double
    let step: Double

    init(_ chart: Report.Chart) {
        let values = chart.series.flatMap { $0.values.compactMap(\.self) }
        let least = min(values.min() ?? 0, 0)
        let greatest = max(values.max() ?? 0, 0)
        let span = greatest - least
        guard span > 1e-9 else {
            lowest = 0
            highest = 1
            step = 1
            return
        }
        let rough = span / 5
        let magnitude = pow(10, floor(log10(rough)))
        let round = [1, 2, 2.5, 5, 10].first { $0 * magnitude >= rough * 0.999 } ?? 10
        // Things that are counted have no halves.
        let step = chart.kind == .integer ? max((round * magnitude).rounded(.up), 1) : round * magnitude
        self.step = step
        lowest = (least / step).rounded(.down) * step
        highest = (greatest / step).rounded(.up) * step
    }

    var ticks: [Double] {
        // At most a dozen, as a step is a fifth of the span rounded up.
        (0...Int(((highest - lowest) / step).rounded())).map { lowest + Double($0) * step }
    }

    /// Where a value lies, from 0 at the low end to 1 at the high end.
    func part(_ value: Double) -> Double {
        (value - lowest) / (highest - lowest)
    }
}

/// How each series looks on paper.
enum ChartLook {
    static let shades = [0.25, 0.62, 0.86, 0.45]
    static let dashes: [[Double]] = [[], [6, 3], [1.5, 2.5], [8, 3, 1.5, 3]]
    static let labelStyle = TextStyle(size: 8, gray: 0.15)
}

extension Pages {
    /// The title of a chart, under it the legend when there are several series.
    mutating func drawChartHead(_ chart: Report.Chart, isLine: Bool) throws(DocumentError) {
        if !chart.title.isEmpty {
            try draw(flowing: text(chart.title, TextStyle(size: 10, isBold: true), width: Self.textWidth))
            y += 3
        }
        guard chart.series.count > 1 else { return }
        var x = Self.left
        for (index, series) in chart.series.enumerated() {
            let name = try text(series.name, TextStyle(size: 8.5, maximumLines: 1), width: Self.textWidth - 40)
            if x > Self.left, x + 34 + name.width > Self.right {
                x = Self.left
                y += name.height + 3
            }
            let middle = y + name.height / 2
            if isLine {
                line([(x, middle), (x + 26, middle)], thickness: 1.4, dashes: ChartLook.dashes[index % ChartLook.dashes.count])
                drawMark(index, x: x + 13, y: middle)
            } else {
                box(x: x, y: middle - 4, width: 26, height: 8, fill: ChartLook.shades[index % ChartLook.shades.count], frame: 0.5)
            }
            draw(name, x: x + 31, y: y)
            x += 31 + name.width + 16
            if index == chart.series.count - 1 { y += name.height + 6 }
        }
    }

    /// The mark of a series: a disc, a square, a triangle or a diamond.
    func drawMark(_ index: Int, x: Double, y: Double) {
        let radius = 3.0
        switch index % 4 {
        case 0:
            fill((0..<16).map { (x + radius * cos(Double($0) * .pi / 8), y + radius * sin(Double($0) * .pi / 8)) }, gray: 0)
        case 1:
            box(x: x - radius + 0.4, y: y - radius + 0.4, width: 2 * radius - 0.8, height: 2 * radius - 0.8, fill: 1, frame: 1)
        case 2:
            fill([(x - radius - 0.4, y + radius), (x + radius + 0.4, y + radius), (x, y - radius - 0.6)], gray: 0)
        default:
            let corners = [(x - radius - 0.8, y), (x, y - radius - 0.8), (x + radius + 0.8, y), (x, y + radius + 0.8)]
            fill(corners, gray: 1)
            line(corners + [corners[0], corners[1]], thickness: 1)
        }
    }

    /// Says in the chart's place that there is nothing to show.
    mutating func drawEmptyChart(_ wording: Wording) throws(DocumentError) {
        let height = 60.0
        try keep(height)
        box(x: Self.left, y: y, width: Self.textWidth, height: height, frame: 0.5, gray: 0.6)
        let nothing = try text(wording.nothing, TextStyle(size: 9, gray: 0.3, side: .center), width: Self.textWidth)
        draw(nothing, x: Self.left, y: y + (height - nothing.height) / 2)
        y += height + 14
    }
}
