import Access
import Casework
import Crypto
import Foundation
import HTTPTypes
import Testing

@testable import Web

extension TestSite {
    /// Issues an account by a command, with an initial password where asked, and signs it in as it is.
    func plainBrowser(
        _ login: String,
        of organisation: OrganisationKey,
        duties: Set<Duty> = [],
        firstUse: Bool = false
    ) async throws -> Browser {
        try await casework.issueAccount(
            login: login,
            name: "佐藤 花",
            organisation: organisation,
            phone: "03-9999-0000",
            password: Self.password,
            duties: duties,
            firstUse: firstUse
        )
        return try await signIn(login, Self.password)
    }

    /// Signs an account in without its pages.
    func signIn(_ login: String, _ password: String) async throws -> Browser {
        let pending = try await casework.signIn(login: login, password: password, address: "test", returnTo: "/")
        let opened = try await casework.completeSignIn(pending.secret, code: try await code(), address: "test")
        return Browser(site: self, session: opened.session)
    }
}

extension Browser {
    /// Sends a file with a form, as a page of ours does.
    func upload(_ path: String, _ file: [UInt8]) async throws -> Answer {
        let mark = "----mark"
        var body: [UInt8] = []
        func part(_ head: String, _ contents: [UInt8]) {
            body += Array("--\(mark)\r\nContent-Disposition: form-data; \(head)\r\n\r\n".utf8) + contents + [13, 10]
        }
        part(#"name="csrf""#, Array(csrf.utf8))
        part(#"name="file"; filename="a.csv""#, file)
        body += Array("--\(mark)--\r\n".utf8)
        return try await site.send(
            .post,
            path,
            [
                "Cookie": cookie, "Sec-Fetch-Site": "same-origin",
                "Content-Type": "multipart/form-data; boundary=\(mark)",
            ],
            body: body
        )
    }
}
