/// What a file may belong to: a case of any kind, or a topology.
package enum AttachmentSubject: RawRepresentable, Sendable, Equatable, CaseIterable {
    case aCase(CaseKind)
    case topology

    package static let allCases = CaseKind.allCases.map { AttachmentSubject.aCase($0) } + [.topology]

    private static let topologyName = "topology"

    package init?(rawValue: String) {
        if rawValue == Self.topologyName {
            self = .topology
        } else {
            guard let kind = CaseKind(rawValue: rawValue) else { return nil }
            self = .aCase(kind)
        }
    }

    package var rawValue: String {
        switch self {
        case .aCase(let kind): kind.rawValue
        case .topology: Self.topologyName
        }
    }

    /// What a token needs to read and to write what the file belongs to.
    package var permissions: (read: Permission, write: Permission) {
        switch self {
        case .aCase(let kind): kind.permissions
        case .topology: (.topologiesRead, .topologiesWrite)
        }
    }
}
