import CXLSXWriter

/// The few formats that the cells of a workbook share.
final class CellFormats {
    typealias Format = UnsafeMutablePointer<lxw_format>

    // Safety: the workbook owns the formats and outlives every use: a sheet is written only while its workbook is open.
    private let workbook: UnsafeMutablePointer<lxw_workbook>
    private var made: [String: Format] = [:]
    let header: Format

    init(_ workbook: UnsafeMutablePointer<lxw_workbook>) throws(DocumentError) {
        self.workbook = workbook
        guard let header = workbook_add_format(workbook) else { throw DocumentError.libraryFailed("libxlsxwriter: no format") }
        self.header = header
        format_set_bold(header)
        format_set_text_wrap(header)
        format_set_align(header, UInt8(LXW_ALIGN_VERTICAL_TOP.rawValue))
        format_set_bg_color(header, 0xE0E0E0)
        format_set_bottom(header, UInt8(LXW_BORDER_THIN.rawValue))
    }

    /// The format of a column's cells, or of its total.
    func format(_ kind: Workbook.Column.Kind, isTotal: Bool) throws(DocumentError) -> Format {
        let number = kind.numberFormat
        let key = isTotal ? "total \(number)" : number
        if let known = made[key] { return known }
        guard let format = workbook_add_format(workbook) else { throw DocumentError.libraryFailed("libxlsxwriter: no format") }
        format_set_num_format(format, number)
        format_set_align(format, UInt8(LXW_ALIGN_VERTICAL_TOP.rawValue))
        if kind == .text { format_set_text_wrap(format) }
        if isTotal {
            format_set_bold(format)
            format_set_top(format, UInt8(LXW_BORDER_THIN.rawValue))
        }
        made[key] = format
        return format
    }
}

extension Workbook.Column.Kind {
    /// As Excel writes it; signs for thousands and decimals are those of the reader's own language.
    fileprivate var numberFormat: String {
        func zeros(_ places: Int) -> String {
            let places = min(max(places, 0), 6)
            return places == 0 ? "" : "." + String(repeating: "0", count: places)
        }
        return switch self {
        case .text: "@"
        case .integer: "#,##0"
        case .decimal(let places): "#,##0" + zeros(places)
        case .percent(let places): "0" + zeros(places) + "%"
        case .dateTime: "yyyy-mm-dd hh:mm:ss"
        case .duration: "[h]:mm:ss"
        }
    }
}
