package import Domain

/// The repositories, written once for every engine, over one connection.
package final class SQLRepositories: Repositories {
    let connection: any Connection

    package init(_ connection: any Connection) {
        self.connection = connection
    }
}
