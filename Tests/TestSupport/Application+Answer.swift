package import API
package import HTTP

extension Application {
    /// Asks as the server does: where the body goes first, then for the answer.
    package func answer(to request: Request) async -> Response {
        var request = request
        guard !request.method.isSafe else { return await respond(to: request) }
        var head = request
        head.body = []
        switch reception(of: head) {
        case .collected: break
        case .refused(let response): return response
        case .streamed(let receiver, let limit):
            do throws(Problem) {
                if request.body.count > limit { throw Problem(.tooLarge) }
                try receiver.begin(BodyPart(contentType: request.headers["content-type"]))
                try receiver.receive(request.body.span.bytes)
            } catch {
                return error.response(requestID: request.id, language: request.language)
            }
            request.receiver = receiver
            request.body = []
        }
        return await respond(to: request)
    }
}
