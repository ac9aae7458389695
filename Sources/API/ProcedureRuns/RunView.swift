import Domain
import HTTP

extension Schema {
    /// How far a run is, as one caller sees it at one moment.
    ///
    /// Who is no one of the directorate sees his own part among the participants and what he himself handed in.
    struct RunView {
        let work: RunWork
        let unitID: Domain.Unit.ID
        let principal: Principal
        let view: View

        private var isInternal: Bool { principal.roles.isInternal }

        private var participants: [RunParticipant] {
            isInternal ? work.participants : work.participants(of: principal)
        }

        private func tasks(at step: Procedure.Step) -> [RunTask] {
            let own = participants.map(\.id)
            return work.tasks.filter { task in
                task.step == step.number && (isInternal || task.participantID.map { own.contains($0) } ?? true)
            }
        }

        func writeMembers(to json: inout JSONWriter) {
            json.name("assignments")
            json.members(of: work.assignments)
            json.name("participants")
            json.array(participants) { json, participant in
                json.object { json in
                    json.member("id", participant.id)
                    json.member("name", participant.name)
                    json.member("user_id", participant.userID)
                    json.member("unit_id", participant.unitID)
                    json.member("declined", work.hasDeclined(participant.id))
                }
            }
            json.name("questionnaire")
            if let questionnaire = work.questionnaire {
                json.object { json in
                    json.name("dimensions")
                    json.array(questionnaire.dimensions) { $1.write(to: &$0) }
                }
            } else {
                json.null()
            }
            json.name("steps")
            json.array(work.steps) { write($1, to: &$0) }
        }

        private func write(_ step: Procedure.Step, to json: inout JSONWriter) {
            let tasks = tasks(at: step)
            let state = tasks.contains(where: \.isOpen) ? "open" : tasks.isEmpty ? "waiting" : "done"
            json.object { json in
                json.member("no", step.number)
                json.member("code", step.code)
                json.name("title")
                json.object { json in
                    json.member("id", step.title.id)
                    json.member("en", step.title.en)
                }
                json.member("role", step.role)
                json.member("scope", step.scope.rawValue)
                json.member("state", state)
                json.name("attempts")
                json.array(tasks) { write($1, to: &$0) }
                json.name("missing")
                json.array(tasks.filter(\.isOpen)) { json, task in
                    json.object { json in
                        json.member("participant_id", task.participantID)
                        json.member("performers", work.waiting(on: task).map(\.text))
                        json.member("members", work.required(of: task))
                    }
                }
            }
        }

        private func write(_ task: RunTask, to json: inout JSONWriter) {
            json.object { json in
                json.member("participant_id", task.participantID)
                json.member("clock", Clock(task.clock, of: unitID, isClosed: false, in: view))
                json.member("outcome", task.outcome?.rawValue)
                json.name("completions")
                json.array(task.completions.filter { isInternal || $0.performer.admits(principal) }) { write($1, to: &$0) }
            }
        }

        private func write(_ completion: RunCompletion, to json: inout JSONWriter) {
            json.object { json in
                json.member("performer", completion.performer.text)
                json.member("user_id", completion.userID)
                json.member("by_super_admin", completion.isStandIn)
                json.member("finished_at", completion.finishedAt)
                json.member("decision", completion.work.decision.map { $0 ? "yes" : "no" })
                json.member("note", completion.work.note)
                json.member("outputs", completion.work.outputs)
                json.name("checklist")
                json.array(completion.work.checklist) { $0.value($1) }
                json.name("answers")
                json.array(completion.work.answers) { json, answer in
                    json.object { json in
                        json.member("indicator", answer.indicator)
                        json.member("answer", answer.answer)
                        json.member("evidence", answer.evidence)
                    }
                }
                json.name("scores")
                json.array(completion.work.scores) { json, score in
                    json.object { json in
                        json.member("dimension", score.dimension)
                        json.member("score", score.score)
                    }
                }
            }
        }
    }
}
