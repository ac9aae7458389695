import Domain
import HTTP
import TestSupport
import Testing

/// Cases that go where chance takes them, by nothing but what the service offers to each person.
@Suite struct RandomWalkTests {
    /// A kind of case: who begins it and with what, who may have a part in it, and where it may end.
    private struct Ground {
        let collection: String
        let body: String
        let creator: APIHouse.Person
        let people: [APIHouse.Person]
        let ends: Set<String>
        /// What a body of an event has; an event that is not named takes none.
        let bodies: [String: String]
    }

    private func grounds(_ cast: CaseCast) -> [Ground] {
        let reason = #"{"reason":"Because"}"#
        func officer(_ person: APIHouse.Person) -> String { #"{"officer_id":"\#(person.id)"}"# }
        let desk = [
            cast.complainant, cast.colleague, cast.manager, cast.technician, cast.otherTechnician, cast.head, cast.director, cast.admin,
        ]
        let gates = [
            "dispatch": officer(cast.technician), "assign": officer(cast.otherTechnician), "follow-up": #"{"result":"x"}"#,
            "not-solved": reason, "report": #"{"summary":"x"}"#, "cancel": reason, "reject": reason, "dispose": #"{"instruction":"x"}"#,
            "examine": #"{"findings":"x"}"#, "classify": #"{"category":"data"}"#,
            "prioritise": #"{"urgency":"low","priority":"medium"}"#, "consider": #"{"recommendation":"x"}"#, "handle": #"{"result":"x"}"#,
        ]
        return [
            Ground(
                collection: "consultations",
                body: APIHouse.newConsultation,
                creator: cast.complainant,
                people: [cast.complainant, cast.colleague, cast.stranger, cast.admin, cast.consultant, cast.head, cast.director],
                ends: ["closed", "withdrawn"],
                bodies: [
                    "assign": officer(cast.consultant), "reassign": #"{"officer_id":"\#(cast.consultant.id)","reason":"x"}"#,
                    "propose": #"{"answer":"x"}"#, "return": reason, "withdraw": reason,
                ]
            ),
            Ground(
                collection: "workspace-items",
                body: APIHouse.newWorkItem,
                creator: cast.giver,
                people: [cast.giver, cast.otherGiver, cast.officer, cast.otherOfficer, cast.admin, cast.head, cast.director],
                ends: ["completed", "cancelled"],
                bodies: [
                    "submit": officer(cast.officer), "return": reason, "progress": #"{"percent":50,"note":"x"}"#,
                    "complete": #"{"result":"x"}"#, "cancel": reason,
                ]
            ),
            Ground(
                collection: "tickets",
                body: APIHouse.newComplaint,
                creator: cast.complainant,
                people: desk,
                ends: ["closed", "cancelled"],
                bodies: gates
            ),
            Ground(
                collection: "tickets",
                body: APIHouse.newRequest,
                creator: cast.complainant,
                people: desk,
                ends: ["closed", "rejected", "cancelled"],
                bodies: gates
            ),
        ]
    }

    /// A generator whose walks can be walked again.
    private struct Dice: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    @Test func `every way leads on until it ends, with one clock at a time and each offer kept`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            for ground in grounds(cast) {
                var reached: Set<String> = []
                for seed in 1...12 {
                    var dice = Dice(state: UInt64(seed) &* 0x9E37_79B9)
                    let created = try await house.send(.post, "/v1/\(ground.collection)", ground.body, as: ground.creator)
                    let path = "/v1/\(ground.collection)/\(try #require(created.text("id")))"
                    var status = created.text("status") ?? ""
                    for _ in 0..<40 {
                        let label: Comment = "\(ground.collection) with seed \(seed) in \(status)"
                        reached.insert(status)
                        let running = try await house.send(.get, "\(path)/timings?limit=200", as: cast.director).data.filter {
                            $0.value(at: "finished_at") == .null
                        }
                        #expect(running.count <= (ground.ends.contains(status) ? 0 : 1), label)
                        var offers: [(person: APIHouse.Person, event: String)] = []
                        for person in ground.people {
                            let read = try await house.send(.get, path, as: person)
                            offers += APIHouse.actions(read).filter { $0 != "edit" }.map { (person, $0) }
                        }
                        #expect(offers.isEmpty == ground.ends.contains(status), label)
                        // The way back is taken once in a while, or few walks would come far.
                        let onward = offers.filter { $0.event != "cancel" && $0.event != "withdraw" }
                        let choices = onward.isEmpty || Int.random(in: 0..<12, using: &dice) == 0 ? offers : onward
                        guard let offer = choices.randomElement(using: &dice) else { break }
                        house.pass(seconds: Int64.random(in: 0...20_000, using: &dice))
                        let body = ground.bodies[offer.event] ?? "{}"
                        let moved = try await house.send(.post, "\(path)/\(offer.event)", body, as: offer.person)
                        try #require(moved.status == 200, "\(label) \(offer.event): \(moved.text)")
                        status = moved.text("status") ?? ""
                    }
                }
                #expect(reached.count >= 6, "\(ground.collection): \(reached)")
            }
            #expect(try await house.store.read { tx throws(DomainError) in try tx.events.firstBroken() } == nil)
        }
    }
}
