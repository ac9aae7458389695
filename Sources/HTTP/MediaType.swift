/// The media types the service writes.
package enum MediaType: String, Sendable, CaseIterable {
    case json = "application/json"
    case problem = "application/problem+json"
    case csv = "text/csv"
    case mermaid = "text/vnd.mermaid"
    case yaml = "application/yaml"
    case html = "text/html"
    case plain = "text/plain"
    case css = "text/css"
    case javascript = "text/javascript"
    case eventStream = "text/event-stream"
    case pdf = "application/pdf"
    case svg = "image/svg+xml"
    case png = "image/png"
    case jpeg = "image/jpeg"
    case docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    case xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    case odt = "application/vnd.oasis.opendocument.text"

    /// The best of `offered` for an `Accept` header (RFC 9110, section 12.5.1); nil when none is acceptable.
    package static func negotiate(_ accept: String?, among offered: [MediaType]) -> MediaType? {
        guard let accept, accept != "*/*" else { return offered.first }
        let ranges = accept.utf8.split(separator: UInt8(ascii: ",")).map { Weighted($0) }
        if ranges.isEmpty { return offered.first }
        var best: (type: MediaType, weight: Double)?
        for type in offered {
            let weight = type.weight(in: ranges)
            if weight > (best?.weight ?? 0) { best = (type, weight) }
        }
        return best?.type
    }

    /// The weight of the most specific range that covers this type.
    private func weight(in ranges: [Weighted]) -> Double {
        let main = rawValue.prefix { $0 != "/" }
        var specificity = -1
        var weight = 0.0
        for range in ranges {
            let rank = range.value == rawValue ? 2 : range.value == "\(main)/*" ? 1 : range.value == "*/*" ? 0 : -1
            if rank > specificity { (specificity, weight) = (rank, range.weight) }
        }
        return weight
    }
}
