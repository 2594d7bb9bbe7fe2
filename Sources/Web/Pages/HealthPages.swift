import Casework
import HTTPTypes
import Hummingbird
import NIOCore

/// Whether the process lives and whether it can serve.
enum HealthPages {
    static let routes: [Route] = [
        // A server at its limit lives and serves: whoever asks so mustn't take it away.
        Route.open(.get, "/healthz") { _, _, _ in plain("ok", .ok) }.within(nil),
        Route.open(.get, "/readyz") { _, _, site in
            await site.casework.isReady() ? plain("ready", .ok) : plain("not ready", .serviceUnavailable)
        }.within(nil),
    ]

    private static func plain(_ text: String, _ status: HTTPResponse.Status) -> Response {
        Response(
            status: status,
            headers: [.contentType: "text/plain; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: "\(text)\n"))
        )
    }
}
