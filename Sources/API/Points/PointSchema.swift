import Domain
import HTTP

extension Schema {
    struct PointRule: JSONWritable {
        let rule: Domain.PointRule

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("code", rule.code.rawValue)
                json.member("points", rule.points)
                json.member("on_time_bonus", rule.onTimeBonus)
                json.member("version", rule.version)
                json.member("created_at", rule.createdAt)
            }
        }
    }

    struct NewPointRule: RequestBody {
        let points: Int
        let onTimeBonus: Int

        init(_ fields: inout Fields) {
            points = fields.integer("points", 0...Domain.PointRule.most)
            onTimeBonus = fields.has("on_time_bonus") ? fields.integer("on_time_bonus", 0...Domain.PointRule.most) : 0
        }
    }

    /// An entry of the ledger, with what followed it.
    struct PerformancePoint: JSONWritable {
        let record: PointRecord

        var version: Int { record.version }

        func write(to json: inout JSONWriter) {
            let point = record.point
            json.object { json in
                json.member("id", point.id)
                json.member("user_id", point.userID)
                json.member("unit_id", point.unitID)
                json.member("period", point.period.description)
                json.member("points", point.points)
                json.member("bonus", point.bonus)
                json.member("status", point.status.rawValue)
                json.member("rule", point.source?.rule.rawValue)
                json.member("rule_version", point.source?.ruleVersion)
                json.member("subject_type", point.source?.kind.rawValue)
                json.member("subject_id", point.source?.subjectID)
                json.member("recap_id", point.recapID)
                json.member("previous_id", point.previous?.id)
                json.member("next_id", record.nextID)
                json.member("reason", point.reason)
                json.member("actor_id", point.actorID)
                json.name("objection")
                if let objection = record.objection { Self.write(objection, to: &json) } else { json.null() }
                json.member("created_at", point.createdAt)
                json.member("version", version)
            }
        }

        private static func write(_ objection: PointObjection, to json: inout JSONWriter) {
            json.object { json in
                json.member("user_id", objection.userID)
                json.member("reason", objection.reason)
                json.member("created_at", objection.createdAt)
                json.member("answer", objection.answered?.answer.rawValue)
                json.member("answer_reason", objection.answered?.reason)
                json.member("answerer_id", objection.answered?.userID)
                json.member("answered_at", objection.answered?.at)
            }
        }

        static let columns: [Column<PointRecord>] = [
            Column("id") { $0.point.id.text },
            Column("user_id") { $0.point.userID.text },
            Column("unit_id") { $0.point.unitID.text },
            Column("period") { $0.point.period.description },
            Column("points") { String($0.point.points) },
            Column("bonus") { String($0.point.bonus) },
            Column("status") { $0.point.status.rawValue },
            Column("rule") { $0.point.source?.rule.rawValue ?? "" },
            Column("rule_version") { $0.point.source.map { String($0.ruleVersion) } ?? "" },
            Column("subject_type") { $0.point.source?.kind.rawValue ?? "" },
            Column("subject_id") { $0.point.source?.subjectID ?? "" },
            Column("recap_id") { $0.point.recapID?.text ?? "" },
            Column("previous_id") { $0.point.previous?.id.text ?? "" },
            Column("next_id") { $0.nextID?.text ?? "" },
            Column("reason") { $0.point.reason ?? "" },
            Column("created_at") { $0.point.createdAt.rfc3339 },
        ]
    }

    /// An adjustment by hand.
    struct NewPerformancePoint: RequestBody {
        let userID: Domain.User.ID
        let points: Int
        let reason: String
        let period: CivilMonth?

        init(_ fields: inout Fields) {
            userID = fields.identifier("user_id")
            let most = Domain.PointRule.most
            points = fields.integer("points", -most...most)
            if points == 0, fields.object["points"] == .integer(0) {
                fields.note("points", "out_of_range", "Tidak boleh 0.", "It cannot be 0.")
            }
            reason = fields.text("reason", Rules.reason)
            period = fields.optionalParsed("period", Rules.month) { CivilMonth($0) }
        }
    }

    /// Why something is done.
    struct Reason: RequestBody {
        let text: String

        init(_ fields: inout Fields) { text = fields.text("reason", Rules.reason) }
    }

    struct PointSummary: JSONWritable {
        let balances: [PointBalance]

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.name("data")
                json.array(balances) { json, balance in
                    json.object { json in
                        if let id = balance.userID { json.member("user_id", id) }
                        if let id = balance.unitID { json.member("unit_id", id) }
                        if let period = balance.period { json.member("period", period.description) }
                        json.member("posted", balance.posted)
                        json.member("pending", balance.pending)
                        json.member("total", balance.total)
                    }
                }
            }
        }
    }
}
