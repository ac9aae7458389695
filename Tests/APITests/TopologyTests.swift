import Domain
import HTTP
import TestSupport
import Testing

/// Topologies: what a graph must be, its versions, and its drawings.
@Suite struct TopologyTests {
    private static let small = #"""
        {"name":"Kantor & <pusat>","nodes":[
        {"id":"wan","label":"Internet","kind":"internet"},
        {"id":"r1","label":"Router \"utama\" #1 <script>alert(1)</script>","kind":"router"},
        {"id":"sw","label":"Sakelar é","kind":"switch"}],
        "links":[{"from":"wan","to":"r1","label":"1 Gb/s","medium":"fibre"},{"from":"r1","to":"sw"},{"from":"sw","to":"r1","medium":"vpn"}]}
        """#

    private func make(_ house: APIHouse, _ body: String, by person: APIHouse.Person) async throws -> String {
        let made = try await house.send(.post, "/v1/topologies", body, as: person)
        return "/v1/topologies/" + (try #require(made.text("id"), "\(made.text)"))
    }

    @Test func `every fault of a graph is named at its place, all at once`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            func faults(_ body: String) async throws -> [String] {
                let answer = try await house.send(.post, "/v1/topologies", body, as: cast.manager)
                #expect(answer.status == 422, "\(answer.text)")
                return answer.json.elements(at: "errors").map { "\($0.text(at: "pointer") ?? "") \($0.text(at: "code") ?? "")" }
            }
            let graph = #"""
                {"name":"x","nodes":[{"id":"a","label":"A","kind":"server"},{"id":"a","label":"B","kind":"server",
                "equipment_id":"eqp_0000000000000000000000000a"}],
                "links":[{"from":"a","to":"b"},{"from":"c","to":"d"},{"from":"a","to":"a"}]}
                """#
            #expect(
                try await faults(graph) == [
                    "/nodes/1/id duplicate", "/links/0/to unknown_reference", "/links/1/from unknown_reference",
                    "/links/1/to unknown_reference", "/links/2/to loop", "/nodes/1/equipment_id unknown_reference",
                ]
            )
            let members = #"""
                {"name":"","nodes":[{"id":"a b","label":"","kind":"cloud","x":1},7],"links":[{"from":"a","medium":"string","label":"\n"}]}
                """#
            #expect(
                Set(try await faults(members)) == [
                    "/name too_short", "/nodes/0/id bad_format", "/nodes/0/label too_short", "/nodes/0/kind not_one_of",
                    "/nodes/0/x unknown",
                    "/nodes/1 wrong_type", "/links/0/to required", "/links/0/medium not_one_of", "/links/0/label control_character",
                ]
            )
            func many(_ nodes: Int, _ links: Int) -> String {
                let nodes = (0..<nodes).map { #"{"id":"n\#($0)","label":"N","kind":"other"}"# }.joined(separator: ",")
                let links = [String](repeating: #"{"from":"n0","to":"n1"}"#, count: links).joined(separator: ",")
                return #"{"name":"x","nodes":[\#(nodes)],"links":[\#(links)]}"#
            }
            #expect(try await faults(many(501, 2001)) == ["/nodes wrong_count", "/links wrong_count"])
            let path = try await make(house, many(500, 2000), by: cast.manager)
            let read = try await house.send(.get, path, as: cast.manager)
            #expect(read.json.elements(at: "nodes").count == 500 && read.json.elements(at: "links").count == 2000)
        }
    }

    @Test func `every change makes a version, and each stays as it was`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            let path = try await make(house, Self.small, by: cast.manager)
            let first = try await house.send(.get, path, as: cast.manager)
            house.pass(seconds: 60)
            let body = #"{"name":"Baru","description":"Kosong","nodes":[],"links":[]}"#
            func put(_ tag: String?, as person: APIHouse.Person) async throws -> APIHouse.Answer {
                try await house.send(.put, path, body, as: person, headers: tag.map { ["if-match": $0] } ?? [:])
            }
            #expect(try await put(nil, as: cast.manager).status == 428)
            #expect(try await put("\"2\"", as: cast.manager).status == 412)
            #expect(try await put("\"1\"", as: cast.giver).status == 403)
            let second = try await put("\"1\"", as: cast.technician)
            #expect(second.status == 200 && second.integer("version") == 2 && second.text("changed_by") == cast.technician.id)
            #expect(second.text("created_at") == first.text("created_at") && second.text("updated_at") != first.text("updated_at"))
            #expect(try await put("\"1\"", as: cast.technician).status == 412)
            #expect(try await house.send(.get, path, as: cast.giver).json == second.json)
            #expect(try await house.send(.get, path + "/versions/1", as: cast.giver).json == first.json)
            #expect(try await house.send(.get, path + "/versions/3", as: cast.giver).status == 404)
            #expect(try await house.send(.get, path + "/versions/-1", as: cast.giver).status == 404)
            let versions = try await house.send(.get, path + "/versions?include_total=true", as: cast.giver)
            #expect(versions.data.compactMap { $0.integer(at: "version") } == [2, 1] && versions.integer("page.total") == 2)
            let page = try await house.send(.get, path + "/versions?limit=1&sort=created_at", as: cast.giver)
            let cursor = try #require(page.text("page.next_cursor"))
            let next = try await house.send(.get, path + "/versions?limit=1&sort=created_at&cursor=\(cursor)", as: cast.giver)
            #expect(page.text("data.0.name") == "Kantor & <pusat>" && next.text("data.0.name") == "Baru")
            let list = try await house.send(.get, "/v1/topologies?include_total=true", as: cast.giver)
            #expect(list.data.compactMap { $0.text(at: "name") } == ["Baru"] && list.integer("page.total") == 1)
            #expect(try await house.send(.get, "/v1/topologies", as: cast.complainant).status == 403)
        }
    }

    @Test func `its files stand with each version, and the tag tells them`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            let path = try await make(house, Self.small, by: cast.manager)
            let bare = try await house.send(.get, path, as: cast.giver)
            #expect(bare.headers["etag"] == "\"1\"" && bare.json.elements(at: "attachments").isEmpty)
            func attach(_ name: String) async throws -> APIHouse.Answer {
                try await house.attach("isi \(name)", as: name, "text/plain", to: path, by: cast.manager)
            }
            let first = try await attach("denah.txt")
            let read = try await house.send(.get, path, as: cast.giver, headers: ["if-none-match": "\"1\""])
            let tag = try #require(read.headers["etag"])
            #expect(read.status == 200 && read.json.elements(at: "attachments") == [first.json])
            #expect(try await house.send(.get, path, as: cast.giver, headers: ["if-none-match": tag]).status == 304)
            let href = try #require(read.text("attachments.0.href"))
            #expect(try await house.send(.get, href, as: cast.giver).text == "isi denah.txt")

            let body = #"{"name":"Baru","nodes":[],"links":[]}"#
            let second = try await house.send(.put, path, body, as: cast.manager, headers: ["if-match": tag])
            #expect(second.status == 200 && second.json.elements(at: "attachments") == [first.json])
            let later = try await attach("kabel.txt")
            for path in [path, "\(path)/versions/1"] {
                let read = try await house.send(.get, path, as: cast.giver)
                #expect(read.json.elements(at: "attachments") == [later.json, first.json])
                #expect(read.headers["etag"] != tag && read.headers["etag"] != second.headers["etag"])
            }
            let gone = "/v1/attachments/\(try #require(later.text("id")))"
            #expect(try await house.send(.delete, gone, as: cast.manager).status == 204)
            let left = try await house.send(.get, path, as: cast.giver)
            #expect(left.headers["etag"] == second.headers["etag"] && left.json == second.json)
        }
    }

    @Test func `as a Mermaid flowchart no label can leave its quotes`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            let path = try await make(house, Self.small, by: cast.manager)
            let answer = try await house.send(.get, path, as: cast.giver, headers: ["accept": "text/vnd.mermaid"])
            #expect(answer.headers["content-type"] == "text/vnd.mermaid" && answer.headers["etag"] == "\"1-mermaid\"")
            let expected = """
                flowchart TB
                    n0["Internet"]
                    n1["Router #34;utama#34; #35;1 #60;script#62;alert#40;1#41;#60;/script#62;"]
                    n2["Sakelar é"]
                    n0 ---|"1 Gb/s #40;fibre#41;"| n1
                    n1 --- n2
                    n2 ---|"vpn"| n1

                """
            #expect(answer.text == expected)
        }
    }

    @Test func `as a drawing it runs nothing, tells each label and is the same every time`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            let path = try await make(house, Self.small, by: cast.manager)
            let svg = ["accept": "image/svg+xml"]
            let answer = try await house.send(.get, path, as: cast.giver, headers: svg)
            #expect(answer.headers["content-type"] == "image/svg+xml" && answer.headers["etag"] == "\"1-svg\"")
            #expect(answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox")
            #expect(answer.text.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\"") && answer.text.hasSuffix("</svg>\n"))
            #expect(!answer.text.contains("<script") && answer.text.contains("<title>Kantor &amp; &lt;pusat&gt;</title>"))
            #expect(answer.text.contains("<title>Router &quot;utama&quot; #1 &lt;script&gt;alert(1)&lt;/script&gt;</title>"))
            #expect(answer.text.ranges(of: "<line ").count == 3)
            #expect(try await house.send(.get, path, as: cast.giver, headers: svg).bytes == answer.bytes)
            let known = svg.merging(["if-none-match": "\"1-svg\""]) { $1 }
            #expect(try await house.send(.get, path, as: cast.giver, headers: known).status == 304)
        }
    }

    @Test func `the boxes of a drawing lie inside it, none on another and none under a caption`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            // A star of 30, a chain of 5 and 3 that nothing joins.
            let nodes = (0..<39).map {
                #"{"id":"n\#($0)","label":"Simpul nomor \#($0) dengan nama yang cukup panjang untuk dua baris","kind":"server"}"#
            }
            let links =
                (1...30).map { #"{"from":"n0","to":"n\#($0)","medium":"wireless"}"# }
                + (31..<35).map { #"{"from":"n\#($0)","to":"n\#($0 + 1)"}"# }
            let body = #"{"name":"x","nodes":[\#(nodes.joined(separator: ","))],"links":[\#(links.joined(separator: ","))]}"#
            let path = try await make(house, body, by: cast.manager)
            let text = try await house.send(.get, path, as: cast.giver, headers: ["accept": "image/svg+xml"]).text
            let frame = try #require(text.firstMatch(of: /viewBox="0 0 (\d+) (\d+)"/))
            let (width, height) = (try #require(Int(frame.1)), try #require(Int(frame.2)))
            let boxes = text.matches(of: /<rect x="(-?\d+)" y="(-?\d+)" width="(\d+)" height="(\d+)"/).compactMap { match in
                [match.1, match.2, match.3, match.4].compactMap { Int($0) }
            }
            #expect(boxes.count == 39)
            // Each caption is written on its halo.
            let captions = text.matches(of: /<text x="(-?\d+)" y="(-?\d+)">wireless</).compactMap { match in
                [match.1, match.2].compactMap { Int($0) }
            }
            #expect(captions.count == 60)
            for caption in captions {
                let covered = boxes.first {
                    ($0[0]...$0[0] + $0[2]).contains(caption[0]) && ($0[1]...$0[1] + $0[3]).contains(caption[1])
                }
                #expect(covered == nil, "\(caption)")
            }
            for (place, box) in boxes.enumerated() {
                #expect(box[0] >= 0 && box[1] >= 0 && box[0] + box[2] <= width && box[1] + box[3] <= height)
                for other in boxes[(place + 1)...] {
                    let apart = abs(box[0] - other[0]) >= box[2] || abs(box[1] - other[1]) >= box[3]
                    #expect(apart, "\(box) \(other)")
                }
            }
        }
    }
}
