public import Access
public import Catalogue
public import Storage

/// The health centre's part in a transfer as its page shows it.
public struct ShownTransfer: Sendable {
    /// The offer.
    public let transfer: CaseTransfer
    /// Whether the caller may see the case now.
    public let isReachable: Bool
}

extension Casework {
    /// Characters of a reason at the most.
    static let longestReason = 1000

    /// A written reason, cleaned.
    static func reason(_ text: String, _ message: String) throws -> String {
        let cleaned = try? TextCleaning.clean(text, multiline: true).get()
        guard let cleaned, !cleaned.isEmpty, cleaned.unicodeScalars.count <= longestReason else {
            throw Refusal.findings([Finding("reason", "required", message)])
        }
        return cleaned
    }

    /// 移管の申入れ: offers the charge of a case to another health centre, which sees the case from then on.
    ///
    /// The charge stays where it is until the other has accepted.
    ///
    /// - Throws: ``Refusal/findings(_:)`` for an office that can't take it over or a missing reason,
    ///   ``Refusal/forbidden(_:)`` unless the caller is in charge, or where an offer is open.
    public func offerTransfer(
        _ number: CaseNumber,
        to receiver: OrganisationKey,
        reason: String,
        seen: Int? = nil,
        by caller: Caller
    ) async throws -> Disclosed<CaseFile> {
        let directory = try await directory()
        let why = try Self.reason(reason, "移管する理由を1000文字以内で入力してください。")
        guard directory[receiver]?.kind == .healthCentre else {
            throw Refusal.findings([
                Finding("transfer_to", "unknown_office", "移管先は一覧にある保健所から選んでください。")
            ])
        }
        let transfers = self.transfers
        let disclosed = try await changeTelling(number, by: caller, action: "transfer-offer", reason: why) {
            file,
            permission,
            now,
            connection in
            guard permission.decidesIntake, let sender = file.jurisdiction, sender == caller.organisation.key else {
                throw Refusal.forbidden("移管を申し入れできるのは管轄保健所だけです。")
            }
            guard receiver != sender else {
                throw Refusal.findings([
                    Finding("transfer_to", "own_office", "すでにこの保健所が管轄です。別の保健所を選んでください。")
                ])
            }
            if let open = try transfers.latest(of: number, directory: directory, connection), open.state == .open {
                throw Refusal.forbidden(
                    "すでに「\(directory[open.receiver]?.name ?? "")」へ移管を申し入れています。申し入れ直すには、先に取り下げてください。"
                )
            }
            try Self.refuseUnseen(seen, file)
            guard let from = directory.number(sender), let to = directory.number(receiver) else {
                throw Refusal.notFound
            }
            let related = file.items[.relatedOffices] ?? []
            let wasRelated = related.contains(Code(receiver))
            try transfers.offer(
                number,
                from: from,
                to: to,
                wasRelated: wasRelated,
                reason: why,
                at: now,
                connection
            )
            if !wasRelated { file.items[.relatedOffices] = related + [Code(receiver)] }
            return Self.told(.transferOffer, [receiver], sender, receiver, directory)
        }
        guard let disclosed else { throw Refusal.notFound }
        return disclosed
    }

    /// 移管の承諾: the charge moves to the caller's health centre; the other becomes a related one.
    public func acceptTransfer(
        _ number: CaseNumber,
        seen: Int? = nil,
        by caller: Caller
    ) async throws -> Disclosed<CaseFile> {
        guard let disclosed = try await answer(number, as: .accepted, nil, seen: seen, by: caller) else {
            throw Refusal.notFound
        }
        return disclosed
    }

    /// 移管の辞退: the charge stays where it is, and the case isn't seen any more unless it was before the offer.
    ///
    /// - Returns: the case where the caller still sees it.
    @discardableResult
    public func refuseTransfer(
        _ number: CaseNumber,
        reason: String,
        seen: Int? = nil,
        by caller: Caller
    ) async throws -> Disclosed<CaseFile>? {
        let why = try Self.reason(reason, "受け入れられない理由を1000文字以内で入力してください。")
        return try await answer(number, as: .refused, why, seen: seen, by: caller)
    }

    /// 移管の申入れの取下げ: by whoever offered it.
    public func withdrawTransfer(
        _ number: CaseNumber,
        reason: String,
        seen: Int? = nil,
        by caller: Caller
    ) async throws -> Disclosed<CaseFile> {
        let why = try Self.reason(reason, "取り下げる理由を1000文字以内で入力してください。")
        guard let disclosed = try await answer(number, as: .withdrawn, why, seen: seen, by: caller) else {
            throw Refusal.notFound
        }
        return disclosed
    }

    private func answer(
        _ number: CaseNumber,
        as state: CaseTransfer.State,
        _ reason: String?,
        seen: Int?,
        by caller: Caller
    ) async throws -> Disclosed<CaseFile>? {
        let directory = try await directory()
        let transfers = self.transfers
        let (action, kind) = Self.names(state)
        return try await changeTelling(number, by: caller, action: action, reason: reason) {
            file,
            permission,
            now,
            connection in
            // Others learn nothing of an offer, not even that there is none.
            guard permission.roles.contains(where: Gate.seesWhole) else { throw Refusal.notFound }
            let offer = try transfers.latest(of: number, directory: directory, connection)
            guard let offer, offer.state == .open else { throw Refusal.forbidden(Self.ended(offer, directory)) }
            let mine = state == .withdrawn ? offer.sender : offer.receiver
            guard caller.organisation.key == mine else {
                throw Refusal.forbidden(
                    state == .withdrawn ? "取り下げられるのは、移管を申し入れた保健所だけです。" : "移管に回答できるのは、申入れを受けた保健所だけです。"
                )
            }
            guard file.jurisdiction == offer.sender else {
                throw Refusal.forbidden("管轄保健所が変わったため、この申入れには回答できません。")
            }
            try Self.refuseUnseen(seen, file)
            guard try transfers.end(offer, as: state, answer: reason, at: now, connection) else {
                throw Refusal.forbidden(Self.ended(nil, directory))
            }
            let (sender, receiver) = (Code(offer.sender), Code(offer.receiver))
            var related = (file.items[.relatedOffices] ?? []).filter { $0 != receiver }
            switch state {
            case .accepted:
                file.items[.jurisdiction] = receiver
                related = [sender] + related.filter { $0 != sender }
            case .refused, .withdrawn, .open:
                if offer.wasRelated { related = file.items[.relatedOffices] ?? [] }
            }
            file.items[.relatedOffices] = related.isEmpty ? nil : related
            let other = state == .withdrawn ? offer.receiver : offer.sender
            return Self.told(kind, [other], offer.sender, offer.receiver, directory)
        }
    }

    private static func names(_ state: CaseTransfer.State) -> (action: String, kind: Notice.Kind) {
        switch state {
        case .open: ("transfer-offer", .transferOffer)
        case .accepted: ("transfer-accept", .transferAccept)
        case .refused: ("transfer-refuse", .transferRefuse)
        case .withdrawn: ("transfer-withdraw", .transferWithdraw)
        }
    }

    /// Why an offer can't be answered any more.
    private static func ended(_ offer: CaseTransfer?, _ directory: Directory) -> String {
        let name = offer.flatMap { directory[$0.receiver]?.name } ?? "移管先の保健所"
        return switch offer?.state {
        case .accepted: "この移管は「\(name)」がすでに承諾しました。画面を読み込み直してください。"
        case .refused: "この移管は「\(name)」がすでに辞退しました。画面を読み込み直してください。"
        case .withdrawn: "この移管の申入れはすでに取り下げられました。画面を読み込み直してください。"
        case .open, nil: "回答を待っている移管の申入れはありません。画面を読み込み直してください。"
        }
    }

    /// The other side, and the headquarters of both.
    private static func told(
        _ kind: Notice.Kind,
        _ others: [OrganisationKey],
        _ sender: OrganisationKey,
        _ receiver: OrganisationKey,
        _ directory: Directory
    ) -> Told {
        let above = [sender, receiver].flatMap { directory.headquarters(above: $0).map(\.key) }
        return Told(notices: (others + Set(above).sorted()).map { ($0, kind) })
    }

    /// The open offer of a case, for whoever sees all of the case.
    public func openTransfer(_ disclosed: Disclosed<CaseFile>) async throws -> CaseTransfer? {
        guard disclosed.permission.roles.contains(where: Gate.seesWhole) else { return nil }
        let directory = try await directory()
        let (transfers, number) = (transfers, disclosed.subject.number)
        let latest = try await engine.read { try transfers.latest(of: number, directory: directory, $0) }
        return latest?.state == .open ? latest : nil
    }

    /// The latest offers that the caller's health centre sent or received: both keep the record, as long as the case
    /// isn't deleted: its reasons are about a person, and go with the rest.
    public func transfers(
        isReceiver: Bool,
        limit: Int = 100,
        by caller: Caller
    ) async throws -> [ShownTransfer] {
        let directory = try await directory()
        let today = today
        guard caller.organisation.kind == .healthCentre, let own = directory.number(caller.organisation.key) else {
            throw Refusal.notFound
        }
        let (transfers, cases) = (transfers, cases)
        return try await engine.read { connection in
            try transfers.all(of: own, isReceiver: isReceiver, limit: limit, directory: directory, connection)
                .compactMap {
                    guard let file = try cases.load($0.number, connection) else { return nil }
                    let permission = Gate.permission(file, caller.viewer, on: today)
                    return ShownTransfer(transfer: $0, isReachable: permission != nil)
                }
        }
    }
}
