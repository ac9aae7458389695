import Domain
import StorageSQLite
import Testing

/// What a connection remembers of steps must be what is stored.
@Suite struct KnownStepsTests {
    private static func procedure(_ version: Int, standard: Int64) -> Procedure {
        let step = Procedure.Step(number: 1, code: "only", title: Text(id: "Satu", en: "One"), role: "clerk", standard: standard)
        return Procedure(
            code: "trial",
            version: version,
            number: nil,
            title: Text(id: "Coba", en: "Trial"),
            issuer: "KI",
            effectiveDate: nil,
            roles: ["clerk"],
            steps: [step],
            document: "{}"
        )
    }

    @Test func `the steps of a version that was undone are not those of the version stored in its place`() async throws {
        try await withDirectory { directory throws in
            try await withServiceStore(in: directory) { store throws in
                let now = Instant(milliseconds: 1_794_790_800_000)
                for (standard, isDiscarded) in [(Int64(60_000), true), (120_000, true), (180_000, false)] {
                    let read = try await store.write(discarding: isDiscarded) { tx throws(DomainError) in
                        try tx.procedures.insert(Self.procedure(1, standard: standard), at: now)
                        return try tx.procedures.step(1, of: "trial", version: 1)?.standard
                    }
                    #expect(read == standard)
                }
                let (written, read) = (
                    try await store.write { tx throws(DomainError) in try tx.procedures.step(1, of: "trial", version: 1)?.standard },
                    try await store.read { tx throws(DomainError) in try tx.procedures.step(1, of: "trial", version: 1)?.standard }
                )
                #expect(written == 180_000 && read == 180_000)
            }
        }
    }
}
