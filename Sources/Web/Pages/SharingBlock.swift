import Access
import Casework
import Catalogue
import Storage

/// What a case's page says of sharing: an open offer, a case that is open for some hours, the ways to more.
struct SharingBlock {
    let disclosed: Disclosed<CaseFile>
    let transfer: CaseTransfer?
    let words: CaseWords
    let staff: Staff

    var html: HTML { "\(opened)\(offer)" }

    private var opened: HTML {
        guard disclosed.permission.roles == [.opened] else { return .empty }
        return """
            <section class="sharing sharing-opened" aria-labelledby="opened-title">\
            <h2 id="opened-title">緊急閲覧中です</h2><p>開いてから3時間で閲覧できなくなります。入力はできません。\
            閲覧したことは、管轄保健所と本庁・調整本部に通知され、記録に残ります。</p>\
            <p><a href="/openings">緊急閲覧中の対象者</a></p></section>
            """
    }

    private var offer: HTML {
        guard let transfer, transfer.state == .open else { return .empty }
        let isReceiver = staff.organisation.key == transfer.receiver
        let (sender, receiver) = (words.organisation(transfer.sender), words.organisation(transfer.receiver))
        let title =
            isReceiver ? "\(sender)から移管の申入れがあります" : "\(receiver)へ移管を申し入れています（回答待ち）"
        return """
            <section class="sharing" aria-labelledby="transfer-title"><h2 id="transfer-title">\(title)</h2>\
            <p class="support">\(SharingWords.moment(transfer.offeredAt)) \(sender) → \(receiver)</p>\
            <p class="reason-text">\(transfer.reason)</p>\(way)</section>
            """
    }

    private var way: HTML {
        guard let transfer, [transfer.sender, transfer.receiver].contains(staff.organisation.key) else { return .empty }
        let label = staff.organisation.key == transfer.receiver ? "承諾・辞退する" : "申入れを取り下げる"
        return """
            <p><a class="button button-primary button-small" href="/cases/\(disclosed.subject.number.digits)/transfer">\
            \(label)</a></p>
            """
    }

    /// Buttons that lead to the pages of sharing.
    static func links(_ disclosed: Disclosed<CaseFile>) -> HTML {
        let (permission, address) = (disclosed.permission, "/cases/\(disclosed.subject.number.digits)")
        func link(_ path: String, _ label: String) -> HTML {
            #"<a class="button button-secondary button-small" href="\#(address)/\#(path)">\#(label)</a> "#
        }
        let own: HTML =
            permission.decidesIntake
            ? "\(link("transfer", "移管"))\(link("grants", "閲覧・入力の許可"))" : .empty
        return "\(own)\(Casework.mayReadReadings(permission) ? link("readings", "閲覧記録") : .empty)"
    }
}
