import Documents
import Domain
import HTTP

/// The words of recaps and appraisals in one language.
struct RecapWords: Sendable {
    let language: Language

    init(_ language: Language) { self.language = language }

    /// The text of the language.
    func callAsFunction(_ id: String, _ en: String) -> String { language == .english ? en : id }

    func callAsFunction(_ text: Text) -> String { self(text.id, text.en) }

    var wording: Wording { language == .english ? .english : .indonesian }

    /// `November 2026`.
    func month(_ month: CivilMonth) -> String { date(month.first).drop { $0 != " " }.dropFirst().description }

    /// `21 November 2026`.
    func date(_ date: CivilDate) -> String {
        guard language == .english else { return date.spelledOut }
        let months = [
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
        ]
        return "\(date.day) \(months.indices.contains(date.month - 1) ? months[date.month - 1] : "") \(date.year)"
    }

    func title(_ kind: Recap.Kind) -> String {
        switch kind {
        case .consultation: self("Rekapitulasi Konsultasi", "Recap of Consultations")
        case .workspace: self("Rekapitulasi Pekerjaan", "Recap of Work Items")
        }
    }

    /// What a row is counted under, as it is shown.
    func label(_ part: RecapTotals.Part, _ line: RecapTotals.Line) -> String {
        switch part {
        case .status: status(line.key)
        case .topic: topic(line.key)
        case .day: CivilDate(line.key).map { date($0) } ?? line.key
        case .all, .unit, .officer, .step: line.name
        }
    }

    func status(_ code: String) -> String {
        switch code {
        case "closed", "completed": self("Selesai", "Completed")
        case "withdrawn": self("Ditarik kembali", "Withdrawn")
        case "cancelled": self("Dibatalkan", "Cancelled")
        default: code
        }
    }

    func topic(_ code: String) -> String {
        switch code {
        case "compliance": self("Kepatuhan", "Compliance")
        case "risk_management": self("Manajemen risiko", "Risk management")
        case "low": self("Rendah", "Low")
        case "normal": self("Biasa", "Normal")
        case "high": self("Tinggi", "High")
        default: self("Tidak disebut", "Not stated")
        }
    }

    /// A flag as it is printed; nothing where there is none.
    func answer(_ flag: Bool?) -> String { flag.map { $0 ? self("ya", "yes") : self("tidak", "no") } ?? "" }

    func topicTitle(_ kind: Recap.Kind) -> String { kind == .consultation ? self("Topik", "Topic") : self("Prioritas", "Priority") }

    var number: String { self("Nomor", "Number") }
    var caseTitle: String { self("Perihal", "Subject") }
    var status: String { self("Status", "Status") }
    var unit: String { self("Unit kerja", "Work unit") }
    var officer: String { self("Petugas", "Officer") }
    var day: String { self("Tanggal", "Date") }
    var step: String { self("Langkah", "Step") }
    var cases: String { self("Kasus", "Cases") }
    var attempts: String { self("Pelaksanaan", "Attempts") }
    var onTime: String { self("Tepat waktu", "On time") }
    var late: String { self("Terlambat", "Late") }
    var rate: String { self("Ketepatan", "On-time rate") }
    var points: String { self("Poin", "Points") }
    var created: String { self("Dibuat", "Created") }
    var closed: String { self("Berakhir", "Closed") }
    var total: String { self("Jumlah", "Total") }
}
