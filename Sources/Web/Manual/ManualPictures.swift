import CManual
import Crypto
import HTTPTypes
import Hummingbird
import NIOCore

/// The pictures of the manual, served under names that change with their contents.
enum ManualPictures {
    /// A picture as a page shows it.
    struct File: Sendable {
        let address: String
        let width: Int
        let height: Int
        fileprivate let bytes: ByteBuffer
    }

    /// All pictures by their names.
    static let files: [String: File] = {
        var files: [String: File] = [:]
        for index in 0..<manual_picture_count() {
            guard let picture = manual_picture_at(index)?.pointee else { continue }
            let name = String(cString: picture.name)
            let bytes = [UInt8](UnsafeBufferPointer(start: picture.bytes, count: picture.length))
            let digest = SHA256.hash(data: bytes).prefix(8).map { byte in
                let digits = String(byte, radix: 16)
                return digits.utf8.count == 1 ? "0\(digits)" : digits
            }
            files[name] = File(
                address: "/manual/pictures/\(name)-\(digest.joined()).webp",
                width: Int(picture.width),
                height: Int(picture.height),
                bytes: ByteBuffer(bytes: bytes)
            )
        }
        return files
    }()

    private static let byAddress = Dictionary(uniqueKeysWithValues: files.values.map { ($0.address, $0) })

    /// Whether an address holds a picture for ever, so that browsers may keep it.
    static func isPermanent(_ path: String) -> Bool {
        byAddress[path] != nil
    }

    /// Like style sheets they hold no place of work.
    static let route = Route.open(.get, "/manual/pictures/{file}") { request, _, _ in
        guard let file = byAddress[request.uri.path] else { throw HTTPError(.notFound) }
        return Response(
            status: .ok,
            headers: [.contentType: "image/webp"],
            body: ResponseBody(byteBuffer: file.bytes)
        )
    }.within(nil)
}
