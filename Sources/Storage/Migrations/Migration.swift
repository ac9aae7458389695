/// One numbered step of the schema; it runs in a transaction of its own and never changes once released.
package struct Migration: Sendable {
    package let number: Int
    package let name: StaticString
    /// The statements, separated by `;`. A `StaticString`, so that no live value can enter them.
    package let statements: StaticString

    package init(_ number: Int, _ name: StaticString, _ statements: StaticString) {
        self.number = number
        self.name = name
        self.statements = statements
    }
}
