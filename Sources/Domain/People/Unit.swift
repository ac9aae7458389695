/// An organisational unit: the directorate itself or one that asks it.
package struct Unit: Sendable, Identified {
    package typealias ID = Identifier<Unit>
    package static let idPrefix = "unt"

    /// What kind of unit it is.
    package enum Kind: String, Sendable, CaseIterable {
        case directorate
        case workUnit = "work_unit"
        case regionalOffice = "regional_office"
        case satker
    }

    package let id: ID
    package var code: String
    package var name: String
    package var kind: Kind
    package var parentID: ID?
    package var timeZone: IndonesianTimeZone
    package let createdAt: Instant
    package var updatedAt: Instant
    package var version: Int

    package init(
        id: ID,
        code: String,
        name: String,
        kind: Kind,
        parentID: ID?,
        timeZone: IndonesianTimeZone,
        createdAt: Instant,
        updatedAt: Instant,
        version: Int
    ) {
        self.id = id
        self.code = code
        self.name = name
        self.kind = kind
        self.parentID = parentID
        self.timeZone = timeZone
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.version = version
    }

    /// Whether a text can be the code of a unit: 1 to 32 of `A-Z 0-9 . _ -`, a letter or digit first.
    package static func isCode(_ text: String) -> Bool {
        guard (1...32).contains(text.utf8.count), let first = text.utf8.first, isAlphanumeric(first) else { return false }
        return text.utf8.allSatisfy { isAlphanumeric($0) || [UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-")].contains($0) }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
