public import Access
import Catalogue
import Foundation
import Outreach
import Storage

/// An account as somebody wants it issued, as it was typed.
public struct AccountDraft: Sendable, Hashable {
    /// ユーザーID.
    public var login: String
    /// 氏名, or an institution's name for the ID of an institution.
    public var name: String
    /// Key of the organisation.
    public var organisation: OrganisationKey
    /// Telephone of the second step.
    public var phone: String
    /// 役割.
    public var duties: Set<Duty>

    /// A draft.
    public init(
        login: String = "",
        name: String = "",
        organisation: OrganisationKey = "",
        phone: String = "",
        duties: Set<Duty> = []
    ) {
        self.login = login
        self.name = name
        self.organisation = organisation
        self.phone = phone
        self.duties = duties
    }
}

/// Checks of what is typed about an account, the same on the screen, in files and by command.
enum AccountRules {
    /// Letters of a name at the most.
    static let longestName = 60
    /// Letters of a reason at the most.
    static let longestReason = 200

    /// A user ID as it is stored: half width, small, without spaces at its ends.
    ///
    /// One within is refused: its owner would be told another ID than was typed.
    static func login(_ typed: String, _ findings: inout [Finding]) -> String {
        let login = typed.nfkc.lowercased().trimmingCharacters(in: .whitespacesAndNewlines)
        if login.isEmpty {
            findings.append(Finding("login", "required", "ユーザーIDを入力してください。"))
        } else if login.contains(where: \.isWhitespace) {
            findings.append(Finding("login", "space", "ユーザーIDの途中に空白は使えません。空白を除いて入力してください。"))
        } else if login.range(of: "^[a-z0-9][a-z0-9._-]{2,63}$", options: .regularExpression) == nil {
            findings.append(
                Finding("login", "format", "ユーザーIDは英数字と「.」「_」「-」の3〜64文字で入力してください。")
            )
        }
        return login
    }

    /// A name without spaces at its ends.
    static func name(_ typed: String, _ findings: inout [Finding]) -> String {
        let name = typed.trimmingCharacters(in: .whitespacesAndNewlines)
        if name.isEmpty {
            findings.append(Finding("name", "required", "氏名（機関のIDでは機関の名称）を入力してください。"))
        } else if name.count > longestName
            || name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        {
            findings.append(Finding("name", "format", "氏名は\(longestName)文字以内で、1行で入力してください。"))
        }
        return name
    }

    /// A telephone with its owner's grouping.
    static func phone(_ typed: String, _ findings: inout [Finding]) -> String {
        switch PhoneNumber.read(typed) {
        case .success(let number):
            if case .failure(let blocked) = Destination.read(number.typed), blocked != .form {
                // Codes would never come: better said here than waited for.
                findings.append(
                    Finding(
                        "phone",
                        blocked.rawValue,
                        "この番号には自動音声の電話をかけられません（0120・0800・0570など、国外）。携帯電話か固定電話の番号を入力してください。"
                    )
                )
            }
            return number.typed
        case .failure(let failure):
            findings.append(Finding("phone", failure.code, failure.message))
            return ""
        }
    }

    /// Whether an issuer may name these duties for people of an organisation.
    static func duties(
        _ duties: Set<Duty>,
        by own: Organisation,
        for other: Organisation,
        _ findings: inout [Finding]
    ) {
        let namable = Issuing.namable(by: own, for: other)
        for duty in duties.sorted() where !namable.contains(duty) {
            let why =
                duty.fits(other.kind)
                ? "\(duty.label)は、あなたの組織からは指定できません。" : "\(other.kind.label)の人は\(duty.label)になれません。"
            findings.append(Finding("duties", "unfit", why))
        }
        for duty in Issuing.required(by: own, for: other).sorted() where !duties.contains(duty) {
            findings.append(
                Finding("duties", "required", "ほかの組織に発行できるのは\(duty.label)のIDだけです。役割に\(duty.label)を指定してください。")
            )
        }
    }

    /// A whole draft, checked for an issuer.
    ///
    /// - Returns: the account without its password, and what is wrong.
    static func check(
        _ draft: AccountDraft,
        by actor: Issuing.Holder,
        _ directory: Directory
    ) -> (account: Account, findings: [Finding]) {
        var findings: [Finding] = []
        let account = Account(
            login: login(draft.login, &findings),
            organisation: draft.organisation,
            name: name(draft.name, &findings),
            password: "",
            phone: phone(draft.phone, &findings)
        )
        if draft.organisation.isEmpty {
            findings.append(Finding("organisation", "required", "組織を指定してください。"))
        } else if let other = directory[draft.organisation] {
            if Issuing.powers(actor, over: other, parentOf: { directory[$0] }).contains(.issue) {
                duties(draft.duties, by: actor.organisation, for: other, &findings)
            } else {
                findings.append(Finding("organisation", "not_governed", "この組織のIDは、あなたの組織からは発行できません。"))
            }
        } else {
            findings.append(Finding("organisation", "unknown", "この組織は登録されていません。組織コードか医療機関コードを確かめてください。"))
        }
        return (account, findings)
    }
}
