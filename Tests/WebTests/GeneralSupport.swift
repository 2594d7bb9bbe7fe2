import Access
import Casework
import Catalogue
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Outreach
import Storage
import Synchronization

@testable import Web

/// A member of staff at a browser.
struct Browser {
    let site: TestSite
    let session: String

    var cookie: String { "__Host-session=\(session)" }
    var csrf: String { site.casework.formToken(session: session) }

    func get(_ path: String, _ headers: [String: String] = [:]) async throws -> Answer {
        try await site.send(.get, path, headers.merging(["Cookie": cookie]) { $1 })
    }

    /// Sends a form as a page of ours does; with `csrf` nil without the token.
    func post(
        _ path: String,
        _ fields: [(String, String)] = [],
        csrf: String?? = .some(nil),
        headers: [String: String] = ["Sec-Fetch-Site": "same-origin"]
    ) async throws -> Answer {
        let token: String? = if case .some(let given) = csrf { given ?? self.csrf } else { nil }
        let all = (token.map { [("csrf", $0)] } ?? []) + fields
        return try await site.form(path, all, headers.merging(["Cookie": cookie]) { $1 })
    }
}

extension TestSite {
    static let password = "correct horse battery"

    /// Issues an account of an organisation, which owes nothing first, and signs it in.
    func browser(
        of organisation: OrganisationKey,
        name: String = "鈴木 一郎",
        duties: Set<Duty> = []
    ) async throws -> Browser {
        let login = "\(organisation)-\(UUID().uuidString.prefix(8).lowercased())"
        try await casework.issueAccount(
            login: login,
            name: name,
            organisation: organisation,
            phone: "03-9999-0000",
            password: Self.password,
            duties: duties
        )
        try await casework.acceptTerms(logins: [login])
        let pending = try await casework.signIn(login: login, password: Self.password, address: "test", returnTo: "/")
        let opened = try await casework.completeSignIn(pending.secret, code: try await code(), address: "test")
        return Browser(site: self, session: opened.session)
    }

    /// The one-time password that the latest call said.
    func code() async throws -> String {
        let text = try await casework.messages().first?.text ?? ""
        return String(text.filter { ("0"..."9").contains($0) }.prefix(6))
    }

    func form(
        _ path: String,
        _ fields: [(String, String)],
        _ headers: [String: String] = [:]
    ) async throws -> Answer {
        let body = fields.map { "\(Redirect.percentEncoded($0))=\(Redirect.percentEncoded($1))" }.joined(separator: "&")
        return try await send(
            .post,
            path,
            headers.merging(["Content-Type": "application/x-www-form-urlencoded"]) { $1 },
            body: Array(body.utf8)
        )
    }

    /// Files the API's example report for med-a: it waits at hc-a.
    func report(_ changes: [(String, JSON)] = []) async throws -> CaseNumber {
        let answer = try await program(of: "med-a").notify(changes)
        let location = answer.header("Location") ?? ""
        return try CaseNumber.read(String(location.split(separator: "/").last ?? "")).get()
    }

    /// The same casework behind another server.
    func with(
        isDemonstration: Bool = false,
        provider: ProviderAccount? = nil,
        logger: Logger = Logger(label: "test"),
        _ body: @escaping @Sendable (TestSite) async throws -> Void
    ) async throws {
        let other = Site(casework: casework, isDemonstration: isDemonstration, provider: provider)
        let application = Hummingbird.Application(router: WebApplication.router(other), logger: logger)
        try await application.test(.router) { client in
            try await body(TestSite(casework: casework, site: other, engine: engine, keys: keys, client: client))
        }
    }
}

extension Answer {
    /// The cookies it sets, by name.
    var cookies: [String: String] {
        var result: [String: String] = [:]
        for header in headers[values: .setCookie] {
            let parts = header.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { result[String(parts[0])] = String(parts[1]) }
        }
        return result
    }

    func cookieValue(_ name: String) -> String? {
        cookies[name].map { String($0.split(separator: ";", omittingEmptySubsequences: false)[0]) }
    }
}

/// Keeps log lines with all that hangs on them.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    var logger: Logger {
        Logger(label: "test") { _ in Handler(lines: self) }
    }

    private func add(_ line: String) {
        lines.withLock { $0.append(line) }
    }

    private struct Handler: LogHandler {
        let lines: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            lines.add("\(event.message) \(all.map { "\($0)=\($1)" }.sorted().joined(separator: " "))")
        }
    }
}
