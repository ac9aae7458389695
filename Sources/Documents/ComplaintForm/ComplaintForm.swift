/// The printed ICT complaint form, "Formulir Pengaduan TIK": annex 2 of the procedure SI-KIMR.
package struct ComplaintForm: Equatable, Sendable {
    /// The lines at the head, from the ministry down to the directorate.
    package var institution: [String]
    /// The running number as it is printed.
    package var number: String
    /// The day the complaint was handed over, "21 November 2026".
    package var date: String
    package var applicantName: String
    package var applicantNIP: String
    package var workUnit: String
    package var complaint: String
    package var handling: String
    package var followUp: String
    /// "Jakarta, 21 November 2026", above the officer's signature; may be empty.
    package var placeAndDate: String
    package var officerName: String
    package var officerNIP: String
    /// The time the file gives as that of its making, in seconds since 1970 UTC.
    package var createdAtSeconds: Int64

    package init(
        institution: [String],
        number: String,
        date: String,
        applicantName: String,
        applicantNIP: String,
        workUnit: String,
        complaint: String,
        handling: String,
        followUp: String,
        placeAndDate: String,
        officerName: String,
        officerNIP: String,
        createdAtSeconds: Int64
    ) {
        self.institution = institution
        self.number = number
        self.date = date
        self.applicantName = applicantName
        self.applicantNIP = applicantNIP
        self.workUnit = workUnit
        self.complaint = complaint
        self.handling = handling
        self.followUp = followUp
        self.placeAndDate = placeAndDate
        self.officerName = officerName
        self.officerNIP = officerNIP
        self.createdAtSeconds = createdAtSeconds
    }

    static let title = "Formulir Pengaduan TIK"
    static let wording = Wording.indonesian

    /// A labelled field; a long one has the whole width of the page and may go over several.
    struct Field: Equatable {
        var label: String
        var value: String
        var isLong: Bool
    }

    /// Every field in the order of the form, short ones first.
    var fields: [Field] {
        [
            Field(label: "Nomor Urut", value: number, isLong: false),
            Field(label: "Tanggal Pengaduan", value: date, isLong: false),
            Field(label: "Nama Pemohon", value: applicantName, isLong: false),
            Field(label: "NIP", value: applicantNIP, isLong: false),
            Field(label: "Unit Kerja", value: workUnit, isLong: false),
            Field(label: "Keluhan/Permasalahan", value: complaint, isLong: true),
            Field(label: "Penanganan yang Telah Dilakukan", value: handling, isLong: true),
            Field(label: "Tindak Lanjut", value: followUp, isLong: true),
        ]
    }

    var signatures: SignatureBlock {
        SignatureBlock(
            placeAndDate: placeAndDate,
            people: [
                SignatureBlock.Person(role: "Pemohon,", name: applicantName, nip: applicantNIP),
                SignatureBlock.Person(role: "Petugas TIK,", name: officerName, nip: officerNIP),
            ]
        )
    }
}
