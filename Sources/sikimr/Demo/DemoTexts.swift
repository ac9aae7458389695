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
}
