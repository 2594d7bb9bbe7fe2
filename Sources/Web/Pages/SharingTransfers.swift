import Access
import Casework
import Catalogue
import HTTPTypes
import Hummingbird
import Storage

/// 移管: offering the charge of a case, answering an offer, the record of both.
enum TransferPages {
    static let routes: [Route] = [
        .page("/transfers") { request, _, site, staff in
            let query = try FormData.parse(Array((request.uri.query ?? "").utf8))
            let received = try await site.casework.transfers(isReceiver: true, by: staff.caller)
            let sent = try await site.casework.transfers(isReceiver: false, by: staff.caller)
            let words = try await CaseWords(site)
            return .page(record(received, sent, done: query["done"] ?? "", words, site, staff))
        },
        .page("/cases/{id}/transfer") { _, context, site, staff in
            .page(try await form(try CasePages.number(context), site, staff).html(site))
        },
        .form("/cases/{id}/transfer") { sent, context, site, staff in
            try await act(sent, context, site, staff, "transfer-offer") { number, seen in
                _ = try await site.casework.offerTransfer(
                    number,
                    to: sent["transfer_to"] ?? "",
                    reason: sent["reason"] ?? "",
                    seen: seen,
                    by: staff.caller
                )
                return true
            }
        },
        .form("/cases/{id}/transfer/accept") { sent, context, site, staff in
            try await act(sent, context, site, staff, "transfer-accept") { number, seen in
                _ = try await site.casework.acceptTransfer(number, seen: seen, by: staff.caller)
                return true
            }
        },
        .form("/cases/{id}/transfer/refuse") { sent, context, site, staff in
            try await act(sent, context, site, staff, "transfer-refuse") { number, seen in
                try await site.casework.refuseTransfer(
                    number,
                    reason: sent["reason"] ?? "",
                    seen: seen,
                    by: staff.caller
                ) != nil
            }
        },
        .form("/cases/{id}/transfer/withdraw") { sent, context, site, staff in
            try await act(sent, context, site, staff, "transfer-withdraw") { number, seen in
                _ = try await site.casework.withdrawTransfer(
                    number,
                    reason: sent["reason"] ?? "",
                    seen: seen,
                    by: staff.caller
                )
                return true
            }
        },
    ]

    private static func form(_ number: CaseNumber, _ site: Site, _ staff: Staff) async throws -> TransferView {
        let disclosed = try await site.casework.read(number, by: staff.caller)
        let transfer = try await site.casework.openTransfer(disclosed)
        // Only whoever can offer or answer has anything to do here.
        guard disclosed.permission.decidesIntake || transfer?.receiver == staff.organisation.key else {
            throw Refusal.notFound
        }
        return TransferView(
            disclosed: disclosed,
            transfer: transfer,
            words: try await CaseWords(site),
            staff: staff
        )
    }

    /// Does something, and shows the page again with what was typed where it was refused.
    private static func act(
        _ sent: FormData,
        _ context: WebContext,
        _ site: Site,
        _ staff: Staff,
        _ done: String,
        _ body: (CaseNumber, Int?) async throws -> Bool
    ) async throws -> Response {
        let number = try CasePages.number(context)
        func again() async throws -> TransferView {
            var view = try await form(number, site, staff)
            view.reason = sent["reason"] ?? ""
            view.chosen = sent["transfer_to"] ?? ""
            return view
        }
        do {
            let isSeen = try await body(number, sent["seen"].flatMap(Int.init))
            return Redirect.to("\(isSeen ? "/cases/\(number.digits)" : "/transfers")?done=\(done)")
        } catch Refusal.findings(let findings) {
            var view = try await again()
            view.findings = findings
            return .page(view.html(site), status: .unprocessableContent)
        } catch Refusal.forbidden(let why) {
            // Who can't do anything here any more, because a colleague has answered, goes to the case with the reason.
            guard var view = try? await again() else { throw Refusal.forbidden(why) }
            view.refusal = why
            return .page(view.html(site), status: .forbidden)
        }
    }

    private static func record(
        _ received: [ShownTransfer],
        _ sent: [ShownTransfer],
        done: String,
        _ words: CaseWords,
        _ site: Site,
        _ staff: Staff
    ) -> HTML {
        Layout.page(
            title: "移管の記録",
            staff: staff,
            current: "/notices",
            site: site,
            main: """
                <p class="back"><a href="/notices">お知らせに戻る</a></p>
                <h1>移管の記録</h1>
                \(SharingWords.done(done).map { Components.banner(.success, title: $0) })
                <h2>受けた申入れ</h2>\(table(received, words, "受けた申入れ（新しい順に100件まで）"))
                <h2>出した申入れ</h2>\(table(sent, words, "出した申入れ（新しい順に100件まで）"))
                """
        )
    }

    private static func table(_ lines: [ShownTransfer], _ words: CaseWords, _ caption: String) -> HTML {
        guard !lines.isEmpty else { return #"<div class="nothing"><p>ありません。</p></div>"# }
        let rows: [HTML] = lines.map { line in
            let transfer = line.transfer
            let number: HTML =
                line.isReachable
                ? #"<a href="/cases/\#(transfer.number.digits)">\#(transfer.number.display)</a>"#
                : "\(transfer.number.display)"
            let answer: HTML = transfer.answer.map { #"<p class="reason-text">\#($0)</p>"# } ?? .empty
            return """
                <tr><th scope="row" data-label="申入れ">\(SharingWords.moment(transfer.offeredAt))</th>\
                <td data-label="HER-SYS ID">\(number)</td>\
                <td data-label="保健所">\(words.organisation(transfer.sender)) → \(words.organisation(transfer.receiver))</td>\
                <td data-label="理由"><p class="reason-text">\(transfer.reason)</p></td>\
                <td data-label="結果">\(SharingWords.state(transfer.state)) \
                \(transfer.endedAt.map(SharingWords.moment))\(answer)</td></tr>
                """
        }
        return """
            <table class="table"><caption>\(caption)</caption><thead><tr><th scope="col">申入れ</th>\
            <th scope="col">HER-SYS ID</th><th scope="col">保健所</th><th scope="col">理由</th>\
            <th scope="col">結果</th></tr></thead><tbody>\(rows)</tbody></table>
            """
    }
}

/// The page on which a case is offered, or an offer is answered or withdrawn.
struct TransferView {
    let disclosed: Disclosed<CaseFile>
    let transfer: CaseTransfer?
    let words: CaseWords
    let staff: Staff
    var findings: [Finding] = []
    var refusal: String?
    var reason = ""
    var chosen = ""

    private var number: CaseNumber { disclosed.subject.number }
    private var address: String { "/cases/\(number.digits)" }
    private var hidden: HTML {
        #"\#(Components.csrf(staff))<input type="hidden" name="seen" value="\#(disclosed.subject.version)">"#
    }

    func html(_ site: Site) -> HTML {
        let isReceiver = transfer?.receiver == staff.organisation.key
        let contents: HTML = transfer == nil ? offer : isReceiver ? answer : withdrawal
        return Layout.page(
            title: "移管 \(number.display)",
            staff: staff,
            current: "/cases",
            site: site,
            main: """
                <div class="narrow" data-live-case="\(number.digits)" data-version="\(disclosed.subject.version)">
                <p class="back"><a href="\(address)">対象者 \(number.display) に戻る</a></p>
                <h1>管轄の移管</h1>
                <div data-live-note hidden class="case-note"></div>
                \(refusal.map { Components.banner(.error, title: "操作できませんでした", body: "<p>\($0)</p>") })
                \(contents)
                </div>
                """,
            errors: findings,
            scripts: ["entry.js"],
            styles: ["entry.css"]
        )
    }

    private var offer: HTML {
        let options = words.offices.filter { $0.value != disclosed.subject.jurisdiction }
        return """
            <p>別の保健所に、この対象者の管轄を引き継いでもらうよう申し入れます。</p>
            <ul><li>申し入れると、移管先の保健所はこの対象者のすべての情報を閲覧できます。</li>
            <li>承諾されるまで、管轄はこの保健所のままです。承諾されると、この保健所は関係保健所になります。</li></ul>
            <form method="post" action="\(address)/transfer" novalidate>\(hidden)
            \(Components.select(
                name: "transfer_to", label: "移管先の保健所", value: chosen,
                options: [("", "選んでください")] + options, required: true, errors: findings.at("transfer_to")))
            \(Components.textArea(
                name: "reason", label: "移管する理由", value: reason, required: true,
                hint: "移管先の保健所と、双方の本庁・調整本部に表示されます。", errors: findings.at("reason")))
            <p class="actions"><button type="submit" class="button button-primary">移管を申し入れる</button></p></form>
            """
    }

    private var summary: HTML {
        guard let transfer else { return .empty }
        return """
            <dl class="facts"><dt>申入れ</dt><dd>\(SharingWords.moment(transfer.offeredAt))</dd>\
            <dt>移管元</dt><dd>\(words.organisation(transfer.sender))</dd>\
            <dt>移管先</dt><dd>\(words.organisation(transfer.receiver))</dd>\
            <dt>理由</dt><dd class="reason-text">\(transfer.reason)</dd></dl>
            """
    }

    private var answer: HTML {
        """
        <p>移管の申入れを受けています。承諾すると、この保健所が管轄になります。</p>
        \(summary)
        <form method="post" action="\(address)/transfer/accept">\(hidden)\
        <p class="actions"><button type="submit" class="button button-primary">承諾して管轄を引き継ぐ</button></p></form>
        \(reasoned("refuse", "辞退する", "受け入れられない理由", "移管元の保健所に表示されます。", "理由を付けて辞退する"))
        """
    }

    private var withdrawal: HTML {
        """
        <p>移管を申し入れています。承諾されるまで、管轄はこの保健所のままです。</p>
        \(summary)
        \(reasoned("withdraw", "申入れを取り下げる", "取り下げる理由", "移管先の保健所に表示されます。", "理由を付けて取り下げる"))
        """
    }

    private func reasoned(_ path: String, _ title: String, _ label: String, _ hint: String, _ button: String) -> HTML {
        let errors = findings.at("reason")
        return """
            <details\(errors.isEmpty && reason.isEmpty ? HTML.empty : " open")><summary>\(title)</summary>
            <form method="post" action="\(address)/transfer/\(path)" novalidate>\(hidden)
            \(Components.textArea(
                name: "reason", label: label, value: reason, required: true, hint: hint, errors: errors))
            <p class="actions"><button type="submit" class="button button-secondary">\(button)</button></p></form></details>
            """
    }
}
