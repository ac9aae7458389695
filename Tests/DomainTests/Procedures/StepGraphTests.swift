import Domain
import Testing

@Suite struct StepGraphTests {
    private static func step(
        _ number: Int,
        role: String = "clerk",
        parallel: [String] = [],
        scope: Procedure.Scope = .case,
        standard: Int64? = 60_000,
        decision: Procedure.Decision? = nil,
        implied: Procedure.Decision? = nil
    ) -> Procedure.Step {
        Procedure.Step(
            number: number,
            code: "step-\(number)",
            title: Text(id: "Langkah", en: "Step"),
            role: role,
            parallel: parallel,
            scope: scope,
            standard: standard,
            decision: decision,
            impliedDecision: implied
        )
    }

    private static func faults(_ steps: [Procedure.Step], implied: Bool = false) -> Set<String> {
        Set(StepGraph(steps, takesImpliedDecisions: implied).faults(roles: ["clerk", "head"]).map { "\($0.pointer) \($0.code)" })
    }

    @Test func `a straight way and a loop have no faults`() {
        let loop = Procedure.Decision(yes: .end, no: .step(1))
        #expect(Self.faults([Self.step(1), Self.step(2)]) == [])
        #expect(Self.faults([Self.step(1), Self.step(2, decision: loop)]) == [])
        #expect(Self.faults([]) == [])
    }

    @Test func `all faults are told at once`() {
        let steps = [
            Self.step(1, role: "nobody", standard: 0, decision: .init(yes: .step(9), no: .step(1))),
            Self.step(2, parallel: ["clerk", "head", "ghost"]), Self.step(4),
        ]
        #expect(
            Self.faults(steps) == [
                "/steps/0/role unknown_role", "/steps/0/standard/value not_positive", "/steps/0/decision/yes/goto no_such_step",
                "/steps/0/no endless", "/steps/1/parallel/0 unknown_role", "/steps/1/parallel/2 unknown_role", "/steps/1/no unreachable",
                "/steps/2/no out_of_order",
            ]
        )
    }

    @Test func `a step that no way leads to and one without a way out are faults`() {
        let skips = [Self.step(1, decision: .init(yes: .step(3), no: .end)), Self.step(2), Self.step(3)]
        #expect(Self.faults(skips) == ["/steps/1/no unreachable"])
        let circle = [Self.step(1), Self.step(2, decision: .init(yes: .step(1), no: .step(1)))]
        #expect(Self.faults(circle) == ["/steps/0/no endless", "/steps/1/no endless"])
    }

    @Test func `an implied decision counts only where the version takes it, but must lead somewhere anyway`() {
        let steps = [Self.step(1, implied: .init(yes: .step(3), no: .step(3))), Self.step(2), Self.step(3)]
        #expect(Self.faults(steps) == [])
        #expect(Self.faults(steps, implied: true) == ["/steps/1/no unreachable"])
        #expect(Self.faults([Self.step(1, implied: .init(yes: .end, no: .step(7)))]) == ["/steps/0/implied_decision/no/goto no_such_step"])
    }

    @Test func `a participant is led only among his own steps or to where all meet again`() {
        func steps(_ no: Procedure.Target) -> [Procedure.Step] {
            [
                Self.step(1), Self.step(2, scope: .participant),
                Self.step(3, scope: .participant, decision: .init(yes: .step(4), no: no)), Self.step(4), Self.step(5, scope: .participant),
            ]
        }
        for good in [Procedure.Target.step(2), .step(3), .step(4)] { #expect(Self.faults(steps(good)) == []) }
        for bad in [Procedure.Target.step(1), .step(5), .end] {
            #expect(Self.faults(steps(bad)) == ["/steps/2/decision/no/goto no_such_step"], "\(bad)")
        }
    }
}
