import Domain

/// What is written at the desk beside cases: in procedure runs, complaints about the service and pauses.
extension DemoTexts {
    static let questionnaire = Questionnaire(dimensions: [
        Questionnaire.Dimension(
            code: "governance",
            title: "Tata kelola",
            weight: 2,
            maximum: 50,
            indicators: [
                Questionnaire.Indicator(code: "policy", title: "Ada kebijakan TIK?"),
                Questionnaire.Indicator(code: "budget", title: "Ada anggaran TIK tahunan?"),
            ]
        ),
        Questionnaire.Dimension(
            code: "infrastructure",
            title: "Infrastruktur",
            indicators: [Questionnaire.Indicator(code: "network", title: "Apakah jaringan menjangkau semua unit?")]
        ),
    ])
    private static let answers = ["Ada, sejak tahun lalu.", "Sebagian, dilengkapi tahun ini.", "Belum, masih disusun."]
    private static let notes: [String?] = [nil, "Selesai sesuai rencana.", nil, "Dokumen terlampir di arsip.", nil]
    private static let reasons = [
        "Menunggu suku cadang dari penyedia.", "Menunggu data dari unit kerja.", "Menunggu jadwal pimpinan.", "Listrik gedung dipadamkan.",
    ]
    private static let matters = ["antrean layanan", "jam layanan", "petunjuk penggunaan", "pemberitahuan gangguan", "formulir permintaan"]

    static func answerOfParticipant(_ number: Int) -> String { answers[number % answers.count] }

    static func stepNote(_ number: Int) -> String? { notes[number % notes.count] }

    static func pauseReason(_ number: Int) -> String { reasons[number % reasons.count] }

    static func serviceComplaint(_ variant: ServiceComplaint.Variant, _ number: Int) -> (subject: String, detail: String) {
        let matter = matters[number % matters.count]
        return switch variant {
        case .complaint: ("Keluhan atas \(matter)", "Sudah \(number % 3 + 2) kali kami alami bulan ini dan mengganggu pekerjaan.")
        case .objection: ("Keberatan atas \(matter)", "Ketentuan yang berlaku tidak sesuai dengan kebutuhan unit kami.")
        case .suggestion: ("Saran untuk \(matter)", "Kami mengusulkan perbaikan agar layanan lebih cepat.")
        }
    }
}
