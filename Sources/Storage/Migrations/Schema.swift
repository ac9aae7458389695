/// The schema, step by step.
package enum Schema {
    package static let migrations: [Migration] = [
        .people, .cases, .log, .caseKinds, .commentsAndAttachments, .links, .inbox, .search, .runs, .calendar, .timings, .words,
        .registers, .live, .schedules, .points, .runInbox, .topologyFiles,
        .endedSteps,
    ]
}
