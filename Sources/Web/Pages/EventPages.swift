import Access
import Casework
import Catalogue
import HTTPTypes
import Hummingbird
import NIOCore

/// Tells open pages at once that a case has changed (server-sent events).
enum EventPages {
    static let routes: [Route] = [
        .stream("/events") { request, _, site, staff in
            // The case that the page shows: whoever isn't told of its people hears nothing more for naming it.
            let query = try FormData.parse(Array((request.uri.query ?? "").utf8))
            let number = query["case"].flatMap { try? CaseNumber.read($0).get() }
            return Response(
                status: .ok,
                headers: [.contentType: "text/event-stream; charset=utf-8"],
                body: stream(
                    site.casework.events(
                        of: staff.session,
                        for: staff.organisation.key,
                        duties: staff.duties,
                        showing: number
                    )
                )
            )
        }
    ]

    /// A comment this often keeps the connection, and notices a browser that has gone.
    private static let heartbeat = Duration.seconds(20)

    /// The browser asks again after so many of them.
    private static let longest = 30

    /// Events as lines, until they end: with their session, or with the server.
    private static func stream(_ events: AsyncStream<PageEvent>) -> ResponseBody {
        ResponseBody { writer in
            let (lines, feed) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingNewest(64))
            // By chance, so that after a server's end its pages don't come to the next one all at once.
            feed.yield("retry: \(Int.random(in: 3000...7000))\n: hello\n\n")
            try await withThrowingTaskGroup(of: Void.self) { group in
                defer { group.cancelAll() }
                group.addTask {
                    for await event in events { feed.yield(text(event)) }
                    feed.finish()
                }
                group.addTask {
                    for _ in 0..<longest {
                        try await Task.sleep(for: heartbeat)
                        feed.yield(": still here\n\n")
                    }
                    feed.finish()
                }
                for await line in lines { try await writer.write(ByteBuffer(string: line)) }
            }
            try await writer.finish(nil)
        }
    }

    /// An event names a case and carries no value of it.
    static func text(_ event: PageEvent) -> String {
        switch event {
        case .changed(let event):
            """
            event: case
            data: {"case":"\(event.number.digits)","version":\(event.version),"action":"\(event.action)"}


            """
        case .presence(let number): "event: presence\ndata: {\"case\":\"\(number.digits)\"}\n\n"
        case .notice: "event: notice\ndata: {}\n\n"
        case .rooms: "event: rooms\ndata: {}\n\n"
        case .missed: "event: missed\ndata: {}\n\n"
        }
    }
}
