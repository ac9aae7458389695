/// Bodies of `PUT /v1/calendar`, written out.
package enum CalendarBody {
    /// The standard week, or another, in one zone with those holidays.
    package static func standard(
        zone: String = "Asia/Jakarta",
        weeks: String = standardWeek,
        holidays: [(date: String, name: String)] = []
    ) -> String {
        let list = holidays.map { #"{"date":"\#($0.date)","name":"\#($0.name)"}"# }.joined(separator: ",")
        return #"{"time_zone":"\#(zone)","working_day_s":27000,"weeks":[\#(weeks)],"holidays":[\#(list)]}"#
    }

    package static let standardWeek = week(
        from: "1970-01-01",
        usual: #"[["07:30","12:00"],["13:00","16:00"]]"#,
        friday: #"[["07:30","11:30"],["13:00","16:30"]]"#
    )

    /// A week with the same windows from Monday to Thursday.
    package static func week(from: String, to: String? = nil, usual: String, friday: String) -> String {
        let end = to.map { #","to":"\#($0)""# } ?? ""
        return #"{"from":"\#(from)"\#(end),"days":{"mon":\#(usual),"tue":\#(usual),"wed":\#(usual),"thu":\#(usual),"fri":\#(friday)}}"#
    }
}
