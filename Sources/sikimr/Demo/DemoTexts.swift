import Domain

/// What the people of a demonstration write.
enum DemoTexts {
    static let themes = [
        "pengadaan langsung", "profil risiko", "gratifikasi", "register risiko", "konflik kepentingan", "mitigasi risiko proyek",
        "pelaporan harta kekayaan", "indikator kinerja utama", "pengaduan masyarakat", "pemantauan tindak lanjut audit",
    ]
    private static let objects = [
        "pembangunan rumah susun", "penyediaan air minum", "penataan kawasan permukiman", "pengelolaan sampah", "sanitasi pesantren",
        "rehabilitasi sekolah", "drainase perkotaan", "pos lintas batas", "venue olahraga", "pasar rakyat",
    ]
    private static let questions = [
        "Apakah langkah yang kami tempuh sudah sesuai ketentuan?", "Dokumen apa saja yang perlu kami siapkan?",
        "Siapa yang berwenang menyetujui perubahan ini?", "Bagaimana cara mencatatnya dalam laporan triwulan?",
    ]

    static func subject(_ theme: Int, _ number: Int) -> String {
        "Konsultasi \(themes[theme]) pada \(objects[number % objects.count]) paket \(number % 97 + 1)"
    }

    static func detail(_ theme: Int, _ number: Int) -> String {
        """
        Pada kegiatan \(objects[number % objects.count]) kami menghadapi persoalan \(themes[theme]).
        Tim kami telah membahasnya dengan penyedia jasa dan pengawas lapangan.
        \(questions[number % questions.count])
        """
    }

    static func answer(_ number: Int) -> String {
        """
        Berdasarkan ketentuan yang berlaku, unit wajib mendokumentasikan setiap keputusan beserta dasarnya.
        Langkah nomor \(number % 7 + 1) dalam pedoman menjadi acuan, dan hasilnya dilaporkan pada bulan berjalan.
        """
    }

    static func plan(_ number: Int) -> String {
        "Unit melengkapi dokumen dalam \(number % 10 + 3) hari kerja dan melaporkan hasilnya kepada direktorat."
    }

    static func reason(_ number: Int) -> String {
        number % 2 == 0 ? "Dasar hukum belum disebut secara lengkap." : "Rencana tindak lanjut belum menyebut penanggung jawab."
    }

    // MARK: Work items

    static let works = [
        "pedoman penilaian risiko", "laporan kepatuhan triwulan", "bahan rapat koordinasi", "peta risiko unit",
        "kajian pengendalian intern",
        "modul pelatihan gratifikasi", "kertas kerja evaluasi", "rencana aksi perbaikan",
    ]
    private static let reports = [
        "Kerangka sudah disepakati tim.", "Data dari balai sudah masuk separuh.", "Draf dibahas dengan unit terkait.",
        "Menunggu masukan dari pengawas.",
    ]

    static func workTitle(_ theme: Int, _ number: Int) -> String {
        "Susun \(works[theme]) untuk \(objects[number % objects.count]) bagian \(number % 89 + 1)"
    }

    static func workDescription(_ theme: Int, _ number: Int) -> String {
        """
        Susun \(works[theme]) yang dapat dipakai semua balai pada kegiatan \(objects[number % objects.count]).
        Luarannya dibahas pada rapat bulan berjalan.
        """
    }

    static func workReason(_ number: Int) -> String {
        number % 2 == 0 ? "Uraian belum menyebut luaran yang diharapkan." : "Batas waktu belum sesuai dengan rencana kerja."
    }

    static func correction(_ number: Int) -> String { "Luaran: satu dokumen dengan \(number % 5 + 2) lampiran." }

    static func progress(_ number: Int) -> String { reports[number % reports.count] }

    static func workResult(_ number: Int) -> String {
        "Dokumen selesai dengan \(number % 5 + 2) lampiran dan sudah diserahkan kepada pemberi tugas."
    }

    // MARK: Tickets

    private static let complaints = [
        "Jaringan di lantai % terputus sejak pagi.", "Pencetak di ruang % tidak menarik kertas.",
        "Komputer meja nomor % mati mendadak.", "Aplikasi persuratan tidak dapat dibuka di ruang %.",
        "Surel tidak terkirim dari akun unit %.",
    ]
    private static let requests = [
        "Mohon akun aplikasi untuk % pegawai baru.", "Mohon alamat jaringan tetap untuk % perangkat.",
        "Mohon pemasangan aplikasi pengolah data di % komputer.", "Mohon cadangan data untuk % bulan terakhir.",
    ]
    private static let repairs = [
        "Sakelar jaringan diganti dan diuji.", "Perangkat lunak dipasang ulang.", "Kabel dan konektor diganti.", "Hak akses diatur ulang.",
    ]

    static func problems(of variant: Ticket.Variant) -> [String] { variant == .complaint ? complaints : requests }

    static func problem(of variant: Ticket.Variant, _ theme: Int, _ number: Int) -> String {
        problems(of: variant)[theme].split(separator: "%", omittingEmptySubsequences: false).joined(separator: String(number % 40 + 1))
    }

    static func repairPlan(_ number: Int) -> String {
        "Periksa di tempat, lalu ganti bagian yang rusak bila perlu (\(number % 3 + 1) orang)."
    }

    static func repair(_ number: Int) -> String { repairs[number % repairs.count] }

    static func repairSummary(_ number: Int) -> String {
        "\(repairs[number % repairs.count]) Layanan berjalan kembali setelah \(number % 4 + 1) kali pengujian."
    }
}
