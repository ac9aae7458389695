import Domain
import HTTP
import Security

/// What every list takes: `limit`, `cursor`, `sort`, `include_total` and `format`.
package struct PageParameters: Sendable {
    package static let names = ["limit", "cursor", "sort", "include_total", "format"]
    /// A total is exact up to here.
    static let mostCounted = 10_000

    let page: PageRequest
    let wantsTotal: Bool
    let wantsCSV: Bool
    /// The path and all that filters or orders the list: what a cursor is bound to.
    private let filters: String

    private enum Sort: String, CaseIterable {
        case ascending = "created_at"
        case descending = "-created_at"
    }

    private enum Format: String, CaseIterable {
        case json, csv
    }

    init(_ query: inout Query, of request: Request, isAscendingByDefault: Bool = false) {
        let sort: Sort? = query.choice("sort")
        let format: Format? = query.choice("format")
        filters = Self.filters(of: request)
        var after: String?
        if let cursor = query.text("cursor") {
            after = Self.open(cursor, filters)
            if after == nil {
                query.note("cursor", "bad_cursor", "Kursor ini bukan dari daftar ini.", "This cursor is not from this list.")
            }
        }
        let isAscending = sort.map { $0 == .ascending } ?? isAscendingByDefault
        page = PageRequest(limit: query.integer("limit", 1...200) ?? 50, after: after, isAscending: isAscending)
        wantsTotal = query.flag("include_total") ?? false
        wantsCSV = format.map { $0 == .csv } ?? (MediaType.negotiate(request.headers["accept"], among: [.json, .csv]) == .csv)
    }

    /// The cursor of the page after `key`: bound to the filters, and not to be made by anyone else's hand.
    func cursor(after key: String) -> String {
        Digest.hex(Self.tag(of: Array(key.utf8), filters) + Array(key.utf8))
    }

    private static func tag(of key: [UInt8], _ filters: String) -> [UInt8] {
        // A zero byte cannot be in a filter, so that none can be taken for the beginning of a key.
        Array(Digest.sha256(Array(filters.utf8) + [0] + key).prefix(8))
    }

    private static func open(_ cursor: String, _ filters: String) -> String? {
        let digits = Array(cursor.utf8)
        guard digits.count > 16, digits.count <= 256, digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for place in stride(from: 0, to: digits.count, by: 2) {
            guard let byte = UInt8(String(decoding: digits[place..<(place + 2)], as: UTF8.self), radix: 16) else { return nil }
            bytes.append(byte)
        }
        let key = Array(bytes.dropFirst(8))
        guard tag(of: key, filters).elementsEqual(bytes.prefix(8)) else { return nil }
        return String(validating: key, as: UTF8.self)
    }

    /// What the list is the same without.
    private static let aside = ["limit", "cursor", "include_total", "format"]

    private static func filters(of request: Request) -> String {
        let filters = request.target.query.filter { !aside.contains($0.name) }
            .map { "\($0.name)=\($0.value)" }.sorted()
        return "\(request.target.path)?\(filters.joined(separator: "\n"))"
    }
}

/// One column of a list as CSV.
struct Column<Element>: Sendable {
    let name: String
    let text: @Sendable (Element) -> String

    init(_ name: String, _ text: @escaping @Sendable (Element) -> String) {
        self.name = name
        self.text = text
    }
}

/// How a list is fetched and written; one of these answers JSON pages and CSV alike.
struct Listing<Element: Sendable>: Sendable {
    let parameters: PageParameters
    let columns: [Column<Element>]
    /// What the cursor holds of an element.
    let key: @Sendable (Element) -> String
    let fetch: @Sendable (PageRequest, borrowing Transaction) throws(DomainError) -> Page<Element>
    let count: @Sendable (Int, borrowing Transaction) throws(DomainError) -> Int
    let write: @Sendable (inout JSONWriter, Element) -> Void

    /// The number of rows read for one chunk of CSV.
    private static var chunk: Int { 500 }

    func response(to request: Request, in tx: borrowing Transaction, store: any Store) throws(DomainError) -> Response {
        parameters.wantsCSV ? csv(of: request, store) : try page(of: request, tx)
    }

    private func page(of request: Request, _ tx: borrowing Transaction) throws(DomainError) -> Response {
        let page = try fetch(parameters.page, tx)
        let total = parameters.wantsTotal ? try count(PageParameters.mostCounted, tx) : nil
        let next = page.hasMore ? (page.next ?? page.elements.last.map(key)).map { parameters.cursor(after: $0) } : nil
        var json = JSONWriter(capacity: 256 + page.elements.count * 1536)
        json.object { json in
            json.name("data")
            json.array(page.elements) { write(&$0, $1) }
            json.name("page")
            json.object { json in
                json.member("next_cursor", next)
                json.member("has_more", page.hasMore)
                if let total {
                    json.member("total", min(total, PageParameters.mostCounted))
                    json.member("total_capped", total > PageParameters.mostCounted)
                }
            }
        }
        var headers: Headers = ["content-type": MediaType.json.rawValue]
        if let next { headers.append("link", "<\(Self.address(of: request, cursor: next))>; rel=\"next\"") }
        return Response(status: 200, headers: headers, body: json.body())
    }

    private static func address(of request: Request, cursor: String) -> String {
        let items = request.target.query.filter { $0.name != "cursor" } + [(name: "cursor", value: cursor)]
        return request.target.path + "?" + items.map { "\($0.name)=\(percentEncoded($0.value))" }.joined(separator: "&")
    }

    /// All pages, one after the other, each in a transaction of its own, so that a slow reader holds none.
    private func csv(of request: Request, _ store: any Store) -> Response {
        let rows = CSVRows(self, store)
        let headers: Headers = [
            "content-type": "\(MediaType.csv.rawValue); charset=utf-8; header=present",
            "content-disposition": "attachment; filename=\"\(request.target.segments.last ?? "list").csv\"",
        ]
        return Response(status: 200, headers: headers, body: .chunks { try rows.next() })
    }

    /// Draws the rows of a list chunk by chunk.
    private final class CSVRows: Sendable {
        private let listing: Listing<Element>
        private let store: any Store
        private let progress: Progress

        init(_ listing: Listing<Element>, _ store: any Store) {
            self.listing = listing
            self.store = store
            var first = listing.parameters.page
            first.limit = Listing.chunk
            progress = Progress(first)
        }

        func next() throws -> [UInt8]? {
            try progress.advance { page, isFirst in
                let rows = try store.readNow { tx throws(DomainError) in try listing.fetch(page, tx) }
                var csv = CSVWriter()
                if isFirst { csv.row(listing.columns.map(\.name)) }
                for element in rows.elements { csv.row(listing.columns.map { $0.text(element) }) }
                return (csv.finish(), rows.hasMore ? rows.next ?? rows.elements.last.map(listing.key) : nil)
            }
        }
    }
}

import Synchronization

/// How far a list was drawn.
private final class Progress: Sendable {
    private let state: Mutex<(page: PageRequest?, isFirst: Bool)>

    init(_ first: PageRequest) { state = Mutex((page: first, isFirst: true)) }

    /// Draws the next chunk; `draw` gives its bytes and the key to go on after, nil at the end.
    func advance(_ draw: (PageRequest, Bool) throws -> ([UInt8], String?)) throws -> [UInt8]? {
        try state.withLock { state in
            guard var page = state.page else { return nil }
            let (bytes, last) = try draw(page, state.isFirst)
            page.after = last
            state = (page: last == nil ? nil : page, isFirst: false)
            return bytes
        }
    }
}
