import Glibc

/// A program of the test machine that reads what was written, run to its end.
enum Program {
    /// The program could not be run or ended with another status than 0.
    struct Failed: Error {
        var name: String
        var status: Int32
    }

    /// What the program wrote to its standard output.
    static func output(_ name: String, _ arguments: [String]) throws -> [UInt8] {
        let folder = try TemporaryFolder()
        let path = folder.path + "/output"
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, path, O_WRONLY | O_CREAT, 0o600)
        var words: [UnsafeMutablePointer<CChar>?] = ([name] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var process = pid_t()
        let status = posix_spawnp(&process, name, &actions, nil, &words, environ)
        guard status == 0 else { throw Failed(name: name, status: status) }
        var ending: Int32 = 0
        while waitpid(process, &ending, 0) == -1 {
            guard errno == EINTR else { throw Failed(name: name, status: errno) }
        }
        guard ending == 0 else { throw Failed(name: name, status: ending) }
        return try TemporaryFolder.read(path)
    }
}
