import Glibc

extension Wording {
    /// The number with its digits in groups of three, "12.345" in Indonesian.
    package func integer(_ number: Int64) -> String {
        let digits = String(number.magnitude)
        var grouped = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { grouped += groupSeparator }
            grouped.append(digit)
        }
        return (number < 0 ? "-" : "") + grouped
    }

    /// The number rounded to `places` from 0 to 6 digits behind the separator; what is no finite number below 10^15 is a dash.
    ///
    /// Written by hand: formatting by language needs ICU, which the program does without.
    func decimal(_ number: Double, places: Int) -> String {
        guard number.isFinite, abs(number) < 1e15 else { return "–" }
        let places = Int32(min(max(places, 0), 6))
        var buffer = [CChar](repeating: 0, count: 64)
        withVaList([places, number]) { _ = vsnprintf(&buffer, buffer.count, "%.*f", $0) }
        let text = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        let parts = text.drop { $0 == "-" }.split(separator: ".")
        let whole = parts.first.flatMap { Int64($0) } ?? 0
        let isNegative = text.hasPrefix("-") && text.contains { ("1"..."9").contains($0) }
        let fraction = parts.count > 1 ? decimalSeparator + parts[1] : ""
        return (isNegative ? "-" : "") + integer(whole) + fraction
    }

    /// A share, 1 for the whole, as percent.
    package func percent(_ share: Double, places: Int) -> String {
        decimal(share * 100, places: places) + "%"
    }
}
