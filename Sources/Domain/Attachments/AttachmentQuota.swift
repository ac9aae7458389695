extension AttachmentRepository {
    /// Throws `quotaExceeded` when `size` bytes more on a subject are too many for it or for `principal`.
    func admit(_ size: Int, to subjectID: String, within limits: AttachmentLimits, by principal: Principal) throws(DomainError) {
        if try usage(of: subjectID).bytes + size > limits.perCase {
            throw .quotaExceeded(
                .quota(id: "Lampiran satu kasus atau topologi", en: "The attachments of one case or topology", limits.perCase)
            )
        }
        let usage = try usage(of: principal.userID)
        if usage.bytes + size > limits.perUser {
            throw .quotaExceeded(.quota(id: "Lampiran satu pengguna", en: "The attachments of one user", limits.perUser))
        }
        if usage.files >= limits.filesPerUser {
            let most = limits.filesPerUser
            throw .quotaExceeded(
                Text(id: "Satu pengguna paling banyak \(most) lampiran.", en: "One user has \(most) attachments at most.")
            )
        }
    }
}

extension Text {
    fileprivate static func quota(id: String, en: String, _ bytes: Int) -> Text {
        Text(id: "\(id) paling banyak \(bytes >> 20) MiB.", en: "\(en) have \(bytes >> 20) MiB at most.")
    }
}
