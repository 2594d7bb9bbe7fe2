import Access
import Casework
import Catalogue
import HTTPTypes
import Hummingbird
import Storage

/// Programs of the API: issue, change of the secret, stop (APIの接続).
enum ClientPages {
    static let routes: [Route] = [
        .page("/admin/clients") { request, _, site, staff in
            let done = try request.query()["done"]
            return .page(try await list(site, staff, done: done).html(site))
        },
        .form("/admin/clients") { sent, _, site, staff in
            do {
                let certificate = try certificate(sent)
                let issued = try await site.casework.issueClient(
                    organisation: sent["organisation"] ?? "",
                    name: sent["name"] ?? "",
                    writes: sent["scope"] == "write",
                    certificate: certificate,
                    by: staff.caller
                )
                return .page(ClientSecretView(id: issued.id, secret: issued.secret, staff: staff).html(site))
            } catch Refusal.findings(let findings) {
                return .page(try await list(site, staff, sent, findings).html(site), status: .unprocessableContent)
            } catch Refusal.notFound {
                // One that doesn't exist and one of others answer alike.
                guard try await !site.casework.clientOrganisations(by: staff.caller).isEmpty else {
                    throw Refusal.notFound
                }
                let isEmpty = sent["organisation"]?.allSatisfy(\.isWhitespace) ?? true
                let finding =
                    isEmpty
                    ? Finding("organisation", "required", "組織を選んでください。")
                    : Finding("organisation", "unknown", "この組織には発行できません。一覧の組織コードを確かめてください。")
                return .page(try await list(site, staff, sent, [finding]).html(site), status: .unprocessableContent)
            }
        },
        .page("/admin/clients/{client}") { request, context, site, staff in
            let done = try request.query()["done"]
            return .page(try await one(context, site, staff, done: done).html(site))
        },
        .form("/admin/clients/{client}/rotate") { sent, context, site, staff in
            let id = context.client
            let secret = try await site.casework.rotateClient(
                id,
                endsEarlier: sent["earlier"] == "end",
                by: staff.caller
            )
            return .page(ClientSecretView(id: id, secret: secret, isNew: false, staff: staff).html(site))
        },
        .form("/admin/clients/{client}/certificate") { sent, context, site, staff in
            do {
                let certificate = try certificate(sent)
                try await site.casework.bindClient(context.client, to: certificate, by: staff.caller)
                return Redirect.to("/admin/clients/\(context.client)?done=certificate")
            } catch Refusal.findings(let findings) {
                let view = try await one(context, site, staff, sent, findings)
                return .page(view.html(site), status: .unprocessableContent)
            }
        },
        .form("/admin/clients/{client}/stop") { sent, context, site, staff in
            guard sent["sure"] == "1" else {
                let finding = Finding("sure", "required", "停止してよいことを確かめて、チェックを付けてください。")
                let view = try await one(context, site, staff, sent, [finding])
                return .page(view.html(site), status: .unprocessableContent)
            }
            try await site.casework.stopClient(context.client, by: staff.caller)
            return Redirect.to("/admin/clients?done=stop")
        },
    ]

    /// The certificate that a form names; nil for an empty field.
    private static func certificate(_ sent: FormData) throws -> [UInt8]? {
        let text = sent["certificate"] ?? ""
        guard !text.allSatisfy(\.isWhitespace) else { return nil }
        guard let thumbprint = Thumbprint.read(text) else {
            let message = "証明書をPEM形式（-----BEGIN CERTIFICATE----- から始まる文字）か、SHA-256の拇印（16進数64桁）で入力してください。"
            throw Refusal.findings([Finding("certificate", "format", message)])
        }
        return thumbprint
    }

    private static func list(
        _ site: Site,
        _ staff: Staff,
        _ typed: FormData = FormData(),
        _ findings: [Finding] = [],
        done: String? = nil
    ) async throws -> ClientListView {
        let directory = try await site.casework.directory()
        return ClientListView(
            clients: try await site.casework.clients(by: staff.caller),
            organisations: try await site.casework.clientOrganisations(by: staff.caller),
            names: directory.organisations.mapValues(\.name),
            staff: staff,
            done: done,
            typed: typed,
            findings: findings
        )
    }

    private static func one(
        _ context: WebContext,
        _ site: Site,
        _ staff: Staff,
        _ typed: FormData = FormData(),
        _ findings: [Finding] = [],
        done: String? = nil
    ) async throws -> ClientView {
        let found = try await site.casework.client(context.client, by: staff.caller)
        let directory = try await site.casework.directory()
        return ClientView(
            client: found.client,
            history: found.history,
            organisation: directory[found.client.organisation]?.name ?? "",
            now: site.casework.clock(),
            staff: staff,
            done: done,
            typed: typed,
            findings: findings
        )
    }
}

extension WebContext {
    /// The client that the address names.
    fileprivate var client: String { parameters.get("client") ?? "" }
}
