import Testing

@testable import Documents

extension ComplaintForm {
    static let sample = ComplaintForm(
        institution: ["KEMENTERIAN PEKERJAAN UMUM", "DIREKTORAT JENDERAL BINA MARGA", "DIREKTORAT KEPATUHAN INTERN"],
        number: "017/TIK/XI/2026",
        date: "21 November 2026",
        applicantName: "Siti Rahmawati, S.T., M.Sc.",
        applicantNIP: "19840312 201012 2 001",
        workUnit: "Balai Besar Pelaksanaan Jalan Nasional Jawa Timur–Bali",
        complaint: """
            Printer di ruang rapat lantai 3 tidak dapat mencetak dari komputer yang tersambung ke jaringan nirkabel sejak \
            Kamis pagi. Pesan yang muncul di layar: "Perangkat tidak ditemukan".

            Pencetakan lewat kabel USB masih berjalan.
            """,
        handling: "Printer sudah dimatikan dan dinyalakan kembali; kabel jaringan sudah diganti.",
        followUp:
            "Alamat IP printer ditetapkan ulang dan driver dipasang kembali pada server cetak. Pencetakan berhasil diuji dari tiga komputer.",
        placeAndDate: "Jakarta, 21 November 2026",
        officerName: "Budi Santoso, S.Kom.",
        officerNIP: "19900704 201503 1 002",
        createdAtSeconds: 1_795_271_400
    )

    /// The sample with another complaint.
    static func complaining(_ text: String) -> ComplaintForm {
        var form = sample
        form.complaint = text
        return form
    }
}

@Suite struct ComplaintFormTests {
    @Test func `the form is one A4 page with every field, its signatures and its page number`() throws {
        let pdf = try ReadPDF(ComplaintForm.sample.pdf())
        #expect(pdf.pages.count == 1)
        #expect(pdf.info["Page size"] == "595.276 x 841.89 pts (A4)")
        for text in [
            "KEMENTERIAN PEKERJAAN UMUM", "DIREKTORAT KEPATUHAN INTERN", "FORMULIR PENGADUAN TIK", "Nomor Urut 017/TIK/XI/2026",
            "Tanggal Pengaduan 21 November 2026", "Nama Pemohon Siti Rahmawati, S.T., M.Sc.", "NIP 19840312 201012 2 001",
            "Unit Kerja Balai Besar Pelaksanaan Jalan Nasional Jawa Timur–Bali", "Keluhan/Permasalahan Printer di ruang rapat lantai 3",
            "Pencetakan lewat kabel USB masih berjalan.", "Penanganan yang Telah Dilakukan Printer sudah dimatikan",
            "Tindak Lanjut Alamat IP printer", "Jakarta, 21 November 2026", "Pemohon, Petugas TIK,", "Budi Santoso, S.Kom.",
            "NIP. 19840312 201012 2 001 NIP. 19900704 201503 1 002", "Halaman 1 dari 1",
        ] {
            #expect(pdf.words.contains(text), "\(text)")
        }
    }

    @Test func `the file names its title, author and time, never the clock's`() throws {
        let form = ComplaintForm.sample
        let bytes = try form.pdf()
        let info = try ReadPDF(bytes).info
        #expect(info["Title"] == "Formulir Pengaduan TIK 017/TIK/XI/2026")
        #expect(info["Author"] == "DIREKTORAT KEPATUHAN INTERN")
        #expect(info["CreationDate"] == "2026-11-21T14:30:00Z")
        #expect(try form.pdf() == bytes)
    }

    @Test func `twenty thousand characters run over pages and none is lost`() throws {
        let sentences = (1...400).map { "Kalimat ke-\($0) menguraikan gangguan jaringan pada unit kerja." }
        let text = sentences.joined(separator: " ")
        #expect(text.count > 20_000)
        let pdf = try ReadPDF(ComplaintForm.complaining(text).pdf())
        #expect(pdf.pages.count > 4)
        for (index, page) in pdf.pages.enumerated() {
            #expect(page.contains("Halaman \(index + 1) dari \(pdf.pages.count)"))
        }
        #expect(pdf.pages[1].contains("Keluhan/Permasalahan (lanjutan)"))
        let words = Set(pdf.words.split(separator: " "))
        #expect((1...400).filter { !words.contains("ke-\($0)") } == [])
    }

    @Test func `signature blocks stay whole wherever the text ends`() throws {
        for lines in 26...42 {
            let pdf = try ReadPDF(ComplaintForm.complaining(Array(repeating: "baris", count: lines).joined(separator: "\n")).pdf())
            let last = try #require(pdf.pages.last)
            for text in ["Jakarta, 21 November 2026", "Petugas TIK,", "Budi Santoso", "NIP. 19900704"] {
                #expect(last.contains(text), "\(lines) lines: \(text)")
            }
        }
    }

    @Test(arguments: HardText.all)
    func `no text can stop it`(_ hard: HardText) throws {
        let text = hard.text
        var form = ComplaintForm.complaining(text)
        form.handling = text
        form.workUnit = text
        form.applicantName = text
        form.institution = [text, ""]
        form.placeAndDate = text
        form.officerNIP = text
        let pdf = try ReadPDF(form.pdf())
        #expect(pdf.info["Pages"] == "\(pdf.pages.count)")
        #expect(pdf.pages.last?.contains("Halaman \(pdf.pages.count) dari \(pdf.pages.count)") == true)
        #expect(form.html().hasSuffix("</html>\n"))
    }

    @Test func `controls vanish, tabs become spaces, every line end is one line end`() {
        #expect("a\u{0}b\u{1B}c\td\r\ne\rf\u{2028}g\u{FFFE}h\u{9F}".cleaned == "abc d\ne\nf\ngh")
        #expect("a\r\n\r\nb\r".cleaned == "a\n\nb\n")
    }

    @Test func `a text beyond the limit is an error with the limit`() {
        #expect(throws: DocumentError.textTooLong(limit: 262_144)) {
            _ = try ComplaintForm.complaining(String(repeating: "a", count: 262_145)).pdf()
        }
    }

    @Test func `the page of HTML has the same fields, escaped, and nothing that runs or loads`() {
        var form = ComplaintForm.sample
        form.complaint = "<script>alert('x')</script> & \"kutipan\"\nbaris kedua"
        form.officerName = "</p><img src=x onerror=alert(1)>"
        let html = form.html()
        #expect(html.contains("<html lang=\"id\">"))
        #expect(html.contains("<th scope=\"row\">Unit Kerja</th><td dir=\"auto\">Balai Besar"))
        #expect(html.contains("<h2>Tindak Lanjut</h2>"))
        #expect(html.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;kutipan&quot;\nbaris kedua"))
        #expect(html.contains("&lt;/p&gt;&lt;img src=x onerror=alert(1)&gt;"))
        for forbidden in ["<script", "<img", "<link", "url(", "@import", "http:", "https:"] { #expect(!html.contains(forbidden)) }
    }

    @Test func `eight threads at once write what one writes`() async throws {
        let forms = (0..<32).map { ComplaintForm.complaining(String(repeating: "Gangguan \($0) 障害 عطل. ", count: 200)) }
        let alone = try forms.map { form throws(DocumentError) in try form.pdf() }
        let together = try await withThrowingTaskGroup(of: (Int, [UInt8]).self) { group in
            for (index, form) in forms.enumerated() {
                group.addTask { (index, try form.pdf()) }
            }
            return try await group.reduce(into: [Int: [UInt8]]()) { $0[$1.0] = $1.1 }
        }
        for (index, bytes) in alone.enumerated() { #expect(together[index] == bytes) }
    }
}
