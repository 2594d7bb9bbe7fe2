import Crypto
import HTTPTypes
import Hummingbird
import NIOCore

/// Style sheets, scripts and the icon: embedded in the program, served under names that change with their contents.
enum Assets {
    /// A file as it is served.
    private struct File {
        let address: String
        let type: String
        let bytes: ByteBuffer

        init(_ name: String, _ bytes: [UInt8]) {
            let parts = name.split(separator: ".", maxSplits: 1)
            let digest = SHA256.hash(data: bytes).prefix(8).map { byte in
                let digits = String(byte, radix: 16)
                return digits.utf8.count == 1 ? "0\(digits)" : digits
            }
            address = "/assets/\(parts[0])-\(digest.joined()).\(parts[1])"
            type =
                switch parts[1] {
                case "css": "text/css; charset=utf-8"
                case "js": "text/javascript; charset=utf-8"
                case "svg": "image/svg+xml"
                default: "application/octet-stream"
                }
            self.bytes = ByteBuffer(bytes: bytes)
        }
    }

    private static let files: [String: File] = Dictionary(
        uniqueKeysWithValues: [
            ("hersys.css", PackageResources.hersys_css),
            ("hersys.js", PackageResources.hersys_js),
            ("idle.js", PackageResources.idle_js),
            ("icon.svg", PackageResources.icon_svg),
            ("entry.css", PackageResources.entry_css),
            ("entry.js", PackageResources.entry_js),
            ("report.css", PackageResources.report_css),
            ("print.css", PackageResources.print_css),
            ("print.js", PackageResources.print_js),
            ("fax.css", PackageResources.fax_css),
            ("lists.css", PackageResources.lists_css),
            ("case.css", PackageResources.case_css),
            ("presence.js", PackageResources.presence_js),
            ("keys.js", PackageResources.keys_js),
            ("care.css", PackageResources.care_css),
            ("notices.js", PackageResources.notices_js),
            ("sharing.css", PackageResources.sharing_css),
            ("versions.css", PackageResources.versions_css),
            ("versions.js", PackageResources.versions_js),
            ("totals.css", PackageResources.totals_css),
            ("totals.js", PackageResources.totals_js),
            ("admin.css", PackageResources.admin_css),
            ("admin.js", PackageResources.admin_js),
            ("opening.css", PackageResources.opening_css),
            ("connection.js", PackageResources.connection_js),
            ("factor.css", PackageResources.factor_css),
            ("factor.js", PackageResources.factor_js),
            ("wait.js", PackageResources.wait_js),
            ("leaflet.css", PackageResources.leaflet_css),
            ("manual.css", PackageResources.manual_css),
        ].map { ($0, File($0, $1)) }
    )

    private static let byAddress = Dictionary(
        uniqueKeysWithValues: files.values.map { ($0.address, $0) }
    )

    /// Where a file is found now; an unknown name leads nowhere, which a test notices.
    static func address(_ name: String) -> String {
        files[name]?.address ?? "/assets/\(name)"
    }

    /// Whether an address holds a file for ever, so that browsers may keep it.
    static func isPermanent(_ path: String) -> Bool {
        byAddress[path] != nil
    }

    static let routes: [Route] = [
        .open(.get, "/assets/{file}") { request, _, _ in
            guard let file = byAddress[request.uri.path] else { throw HTTPError(.notFound) }
            return Response(
                status: .ok,
                headers: [.contentType: file.type],
                body: ResponseBody(byteBuffer: file.bytes)
            )
        }
    ]
}
