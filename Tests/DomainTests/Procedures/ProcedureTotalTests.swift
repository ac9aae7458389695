import Domain
import TestSupport
import Testing

/// The totals of one pass, as the documents print them or as they were added up by hand.
@Suite struct ProcedureTotalTests {
    @Test(arguments: [
        ("consultation", 10, 5, 2250), ("ict-ticket", 6, 0, 0), ("workspace", 8, 4, 1800), ("network-cooperation", 7, 7, 570),
        ("system-deployment", 8, 8, 5250), ("pemantik-assessment", 14, 14, 9450), ("it-planning", 5, 5, 1500),
        ("it-service-request", 9, 9, 585), ("infrastructure-maintenance", 11, 10, 1350), ("it-security-monitoring", 7, 7, 570),
        ("content-publication", 7, 7, 465), ("website-management", 7, 7, 2550),
    ])
    func `a procedure has the steps and the total of its document`(_ code: String, _ steps: Int, _ timed: Int, _ minutes: Int64) throws {
        let procedure = try #require(try ProgramCatalogue.procedures().first { $0.code == code })
        let total = Procedure.total(of: procedure.steps)
        #expect(procedure.steps.count == steps)
        #expect(total.timedSteps == timed)
        #expect(total.milliseconds == minutes * 60_000)
    }

    @Test func `there are twelve procedures with ninety-nine steps`() throws {
        let procedures = try ProgramCatalogue.procedures()
        #expect(procedures.count == 12)
        #expect(procedures.reduce(0) { $0 + $1.steps.count } == 99)
    }
}
