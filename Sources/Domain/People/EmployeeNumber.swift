/// An Indonesian civil servant's number (NIP); shows only its last four digits unless `text` is asked for.
package struct EmployeeNumber: Sendable, Hashable {
    /// All 18 digits: personal data, never for a log.
    package let text: String

    /// The number, or nil when `issue(in:at:)` would name a fault.
    package init?(_ text: String) {
        guard Self.fault(in: text) == nil else { return nil }
        self.text = text
    }

    /// The number, or `.invalid` with the one issue that stands at `pointer`.
    package init(_ text: String, at pointer: String) throws(DomainError) {
        if let issue = Self.issue(in: text, at: pointer) { throw .invalid([issue]) }
        self.text = text
    }

    /// The first thing that makes the text no employee number, or nil when it is one.
    package static func issue(in text: String, at pointer: String) -> Issue? {
        fault(in: text).map { fault in Issue(pointer, code: "invalid_nip", detail: fault.detail) }
    }

    /// `**************1001`.
    package var masked: String {
        String(repeating: "*", count: 14) + text.suffix(4)
    }
}

extension EmployeeNumber: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { masked }
    package var debugDescription: String { masked }
    // `dump` and failed test expectations read the mirror, not the description.
    package var customMirror: Mirror { Mirror(self, children: ["masked": masked]) }
}

// MARK: - Rules

extension EmployeeNumber {
    private enum Fault {
        case digits, birthDate, appointmentYear, appointmentMonth, sex, serial

        var detail: Text {
            switch self {
            case .digits:
                Text(id: "NIP harus 18 angka tanpa spasi.", en: "A NIP is 18 digits without spaces.")
            case .birthDate:
                Text(
                    id: "Angka 1–8 NIP harus tanggal lahir yang ada (TTTTBBHH).",
                    en: "Digits 1–8 of a NIP must be a real date of birth (YYYYMMDD)."
                )
            case .appointmentYear:
                Text(
                    id: "Angka 9–12 NIP harus tahun pengangkatan, paling cepat 15 tahun sesudah tahun lahir.",
                    en: "Digits 9–12 of a NIP must be the year of appointment, at least 15 years after the year of birth."
                )
            case .appointmentMonth:
                Text(
                    id: "Angka 13–14 NIP harus bulan 01–12 (PNS) atau kode kontrak 21–39 (PPPK).",
                    en: "Digits 13–14 of a NIP must be a month 01–12 (PNS) or a contract code 21–39 (PPPK)."
                )
            case .sex:
                Text(id: "Angka 15 NIP harus 1 atau 2.", en: "Digit 15 of a NIP must be 1 or 2.")
            case .serial:
                Text(id: "Angka 16–18 NIP harus nomor urut 001–999.", en: "Digits 16–18 of a NIP must be a serial number 001–999.")
            }
        }
    }

    private static func fault(in text: String) -> Fault? {
        guard text.utf8.count == 18 else { return .digits }
        var scanner = DigitScanner(Array(text.utf8))
        guard
            let year = scanner.number(digits: 4), let month = scanner.number(digits: 2), let day = scanner.number(digits: 2),
            let appointmentYear = scanner.number(digits: 4), let appointmentMonth = scanner.number(digits: 2),
            let sex = scanner.number(digits: 1), let serial = scanner.number(digits: 3)
        else { return .digits }
        guard CivilDate(year: year, month: month, day: day) != nil else { return .birthDate }
        guard appointmentYear >= year + 15 else { return .appointmentYear }
        guard (1...12).contains(appointmentMonth) || (21...39).contains(appointmentMonth) else { return .appointmentMonth }
        guard sex == 1 || sex == 2 else { return .sex }
        guard serial >= 1 else { return .serial }
        return nil
    }
}
