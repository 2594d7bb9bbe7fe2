import HTTPTypes
import Hummingbird
import NIOCore

/// What goes wrong with a request before any case is touched.
enum PageFailure: Error {
    /// The form doesn't carry the session's CSRF token, or comes from another site.
    case foreignForm
    /// More than a form of ours can hold.
    case tooLarge
    /// Not UTF-8.
    case badEncoding
}

extension Response {
    /// A page.
    static func page(_ html: HTML, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status,
            headers: [.contentType: "text/html; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: html.bytes))
        )
    }

    /// JSON that is text already.
    static func json(
        _ text: String,
        status: HTTPResponse.Status = .ok,
        type: String = "application/json"
    ) -> Response {
        Response(
            status: status,
            headers: [.contentType: type],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }
}

/// Answers that send the browser elsewhere.
enum Redirect {
    /// To another address, to be fetched: what follows a form.
    static func to(_ address: String) -> Response {
        Response(status: .seeOther, headers: [.location: address])
    }

    /// To the sign-in, and back afterwards.
    static func toSignIn(returningTo request: Request) -> Response {
        to("/sign-in?return=\(percentEncoded(request.uri.description))")
    }

    /// An address as a part of another.
    static func percentEncoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return result
    }
}
