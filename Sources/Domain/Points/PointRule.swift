/// What a case that ended well earns its officer; a change is a new version, and entries keep the one they were made by.
package struct PointRule: Sendable {
    package enum Code: String, Sendable, CaseIterable {
        case consultationClosed = "consultation.closed"
        case workspaceItemCompleted = "workspace_item.completed"
    }

    /// The most points that one rule or one adjustment gives.
    package static let most = 1000

    package let code: Code
    package let version: Int
    package let points: Int
    /// What comes on top when every timed step was on time.
    package let onTimeBonus: Int
    package let createdAt: Instant

    package init(code: Code, version: Int, points: Int, onTimeBonus: Int, createdAt: Instant) {
        self.code = code
        self.version = version
        self.points = points
        self.onTimeBonus = onTimeBonus
        self.createdAt = createdAt
    }
}
