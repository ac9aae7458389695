import Domain
import HTTP
import TestSupport
import Testing

extension AnswerTests {
    /// The log in its forms.
    func live(_ witness: Witness) async throws {
        for role in Role.allCases {
            try await witness.send("listEvents", query: "limit=200", as: role, expecting: 200)
            try await witness.send("listEvents", query: "after=0&limit=3", as: role, expecting: 200)
        }
        try await witness.send("listEvents", query: "format=csv", as: .director, expecting: 200)
        for role in [Role.superAdmin, .subdirectorateHead, .director] { try await witness.send("getOverview", as: role, expecting: 200) }
        let stream = try await witness.send("listEvents", as: .director, headers: [("accept", "text/event-stream")], expecting: 200)
        #expect(stream.mediaType == "text/event-stream" && stream.text.hasPrefix("retry: "))
    }
}
