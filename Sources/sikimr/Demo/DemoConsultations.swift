import Domain

/// The consultations of a demonstration.
final class DemoConsultations: DemoStory {
    /// What happens next to one consultation.
    private struct Act {
        enum Name {
            case submit, assign, propose, verify, deliver, acknowledge, withdraw, reassign
        }

        let name: Name
        let id: Consultation.ID
        let requester: Principal
        let officer: Int
        /// What never happens to this consultation.
        let hold: Name?
    }

    private static let holds: [Act.Name] = [.assign, .propose, .verify, .deliver, .acknowledge]

    private let people: DemoPeople
    private let ids: IdentifierSource
    private let timeline: DemoTimeline<Act>

    init(count: Int, span: DemoCommand.Span, people: DemoPeople, calendar: WorkingCalendar, random: SplitMix64, ids: IdentifierSource) {
        (self.people, self.ids) = (people, ids)
        timeline = DemoTimeline(count: count, span: span, calendar: calendar, random: random)
    }

    var begun: Int { timeline.begun }

    var next: Instant? { timeline.next }

    func play(in tx: borrowing Transaction) throws(DomainError) {
        switch timeline.take() {
        case .beginning(let ordinal, let time): try begin(ordinal, at: time, in: tx)
        case .act(let act, let time): try play(act, at: time, in: tx)
        case nil: break
        }
    }

    private func chance(_ count: Int) -> Int { timeline.chance(count) }

    private func agree(_ name: Act.Name, after last: Act, at now: Instant, in minutes: ClosedRange<Int>, officer: Int? = nil) {
        guard name != last.hold else { return }
        let act = Act(name: name, id: last.id, requester: last.requester, officer: officer ?? last.officer, hold: last.hold)
        timeline.agree(act, after: now, in: minutes)
    }

    private func play(_ act: Act, at now: Instant, in tx: borrowing Transaction) throws(DomainError) {
        let officer = people.officers[act.officer]
        let fate = chance(100)
        switch act.name {
        case .submit:
            try apply(CaseEvent(.submit), act.id, act.requester, now, tx)
            if fate < 97 || act.hold != nil {
                agree(.assign, after: act, at: now, in: 5...400)
            } else {
                agree(.withdraw, after: act, at: now, in: 30...900)
            }
        case .assign:
            var members: [EventMember: String] = [.officerID: officer.userID.text]
            if fate < 30 { members[.note] = "Mohon diproses sesuai urutan." }
            try apply(CaseEvent(.assign, members), act.id, people.administrator, now, tx)
            if fate < 4 {
                agree(.reassign, after: act, at: now, in: 60...900, officer: (act.officer + 1) % people.officers.count)
            } else {
                agree(.propose, after: act, at: now, in: 60...1800)
            }
        case .reassign:
            let reason = "Petugas sebelumnya sedang bertugas di luar kota."
            try apply(CaseEvent(.reassign, [.officerID: officer.userID.text, .reason: reason]), act.id, people.administrator, now, tx)
            agree(.propose, after: act, at: now, in: 60...1800)
        case .propose:
            var members: [EventMember: String] = [.answer: DemoTexts.answer(fate)]
            if fate < 60 { members[.plan] = DemoTexts.plan(fate) }
            try apply(CaseEvent(.propose, members), act.id, officer, now, tx)
            // A fifth of the verifications take longer than the standard of one working day.
            agree(.verify, after: act, at: now, in: fate < 80 ? 20...400 : 460...1200)
        case .verify:
            let head = people.heads[chance(people.heads.count)]
            if fate < 22 {
                try apply(CaseEvent(.return, [.reason: DemoTexts.reason(fate)]), act.id, head, now, tx)
                agree(.propose, after: act, at: now, in: 60...900)
            } else {
                try apply(CaseEvent(.approve), act.id, head, now, tx)
                agree(.deliver, after: act, at: now, in: 5...300)
            }
        case .deliver:
            try apply(CaseEvent(.deliver), act.id, officer, now, tx)
            agree(.acknowledge, after: act, at: now, in: 30...2400)
        case .acknowledge:
            let members: [EventMember: String] = fate < 40 ? [.note: "Terima kasih, jawaban kami terima."] : [:]
            try apply(CaseEvent(.acknowledge, members), act.id, act.requester, now, tx)
        case .withdraw:
            try apply(CaseEvent(.withdraw, [.reason: "Sudah terjawab melalui rapat koordinasi."]), act.id, act.requester, now, tx)
        }
    }

    private func begin(_ ordinal: Int, at now: Instant, in tx: borrowing Transaction) throws(DomainError) {
        let office = people.offices[chance(people.offices.count)]
        let requester = office.requesters[chance(office.requesters.count)]
        let theme = chance(DemoTexts.themes.count)
        let head = try tx.consultations.head(following: Consultation.workflow, unit: requester.unitID, by: requester, at: now, ids: ids)
        let consultation = Consultation(
            head,
            subject: DemoTexts.subject(theme, chance(1000)),
            detail: DemoTexts.detail(theme, chance(1000)),
            topic: theme % 2 == 0 ? .compliance : .riskManagement
        )
        _ = try tx.consultations.create(consultation, by: requester, at: now, ids: ids)
        let hold = timeline.hold(of: ordinal, among: Self.holds.count).map { Self.holds[$0] }
        let officer = chance(people.officers.count)
        // One in twenty drafts lies for longer than the standard of one working day.
        let minutes = chance(100) < 95 ? 5...300 : 460...1500
        guard chance(100) < 98 || hold != nil else { return }
        let act = Act(name: .submit, id: consultation.id, requester: requester, officer: officer, hold: hold)
        timeline.agree(act, after: now, in: minutes)
    }

    private func apply(
        _ event: CaseEvent<Consultation.Event>,
        _ id: Consultation.ID,
        _ principal: Principal,
        _ now: Instant,
        _ tx: borrowing Transaction
    ) throws(DomainError) {
        _ = try tx.consultations.apply(event, to: .id(id), expecting: nil, by: principal, at: now, ids: ids)
    }
}
