import Access
import Casework
import Catalogue
import Storage

/// Who waits for a place beside where there is room, and the choice for one of them.
struct PlacementView {
    let words: CaseWords
    let staff: Staff
    let now: Timestamp

    /// Places beside the list of those that wait; the page of one case has all.
    private static let shownRooms = 60

    // MARK: All

    func list(_ page: PlacementPage, done: String, _ site: Site) -> HTML {
        var banner = HTML.empty
        if case .success(let number) = CaseNumber.read(done) {
            banner = Components.banner(
                .success,
                title: "療養先を決めました",
                body: """
                    <p>HER-SYS ID <a class="number" href="/cases/\(number.digits)">\(number.display)</a> の居所を登録しました。\
                    療養先の画面にも表示されます（入院・入所の日から）。</p>
                    """
            )
        }
        return Layout.page(
            title: "入院・宿泊調整",
            staff: staff,
            current: "/placement",
            site: site,
            main: """
                \(banner)
                <h1>入院・宿泊調整</h1>
                <div class="placement" id="placement" data-live data-live-rooms>
                <section aria-labelledby="waiting-title"><h2 id="waiting-title">療養先を待っている方（<span data-waiting>\(page.count)</span>人）</h2>
                \(waiting(page))</section>
                <section aria-labelledby="rooms-title"><h2 id="rooms-title">空いている病床・居室</h2>
                \(rooms(page.rooms))</section>
                </div>
                """,
            styles: ["entry.css", "care.css"]
        )
    }

    private func waiting(_ page: PlacementPage) -> HTML {
        guard !page.waiting.isEmpty else {
            return "<div class=\"nothing\"><p>療養先を待っている方はいません。</p></div>"
        }
        let rest = page.count - page.waiting.count
        let more: HTML =
            rest > 0
            ? "<p class=\"support\">ほかに\(rest)人が待っています。<a href=\"/cases?status=arranging\">対象者一覧で見る</a></p>" : .empty
        return """
            <table class="table table-cases"><caption>重症度の高い順、年齢の高い順、長く待っている順</caption><thead><tr>\
            <th scope="col">HER-SYS ID</th><th scope="col">氏名</th><th scope="col">重症度</th>\
            <th scope="col">性別・年齢</th><th scope="col">待ち時間</th><th scope="col">管轄保健所</th>\
            <th scope="col"><span class="hidden-text">操作</span></th></tr></thead>
            <tbody>\(page.waiting.map(row))</tbody></table>\(more)
            """
    }

    private func row(_ one: PlacementCase) -> HTML {
        let file = one.file.subject
        return """
            <tr data-case="\(file.number.digits)" data-version="\(file.version)"><th scope="row" data-label="HER-SYS ID">\
            <a class="number" href="/cases/\(file.number.digits)">\(file.number.display)</a></th>\
            <td data-label="氏名"><span class="name">\(CaseTable.fullName(file.items))</span></td>\
            <td data-label="重症度">\(Self.severity(file))</td>\
            <td data-label="性別・年齢">\(CaseTable.sexAndAge(file))</td>\
            <td data-label="待ち時間">\(HomeView.elapsed(now.seconds - one.since.seconds))</td>\
            <td data-label="管轄保健所">\(file.jurisdiction.map(words.organisation) ?? "―")</td>\
            <td><a class="button button-secondary button-small" href="/placement/\(file.number.digits)">療養先を選ぶ\
            <span class="hidden-text">：HER-SYS ID \(file.number.display)</span></a></td></tr>
            """
    }

    private static func severity(_ file: CaseFile) -> HTML {
        guard let code = file.latestSeverity else { return "―" }
        let label = CodeList.severity.label(code)
        switch code {
        case "severe": return Components.chip(label, .error)
        case "moderate", "moderate_2": return Components.chip(label, .warning)
        default: return "\(label)"
        }
    }

    private func rooms(_ rooms: [PlacementRoom]) -> HTML {
        let free = rooms.filter { $0.count.left > 0 }.prefix(Self.shownRooms)
        guard !free.isEmpty else {
            return "<div class=\"nothing\"><p>空きを報告している医療機関・宿泊療養施設はありません。</p></div>"
        }
        let lines: [HTML] = free.map { room in
            """
            <tr><th scope="row" data-label="療養先">\(room.organisation.name)<span class="line support">\(room.kind.label)\
            </span></th><td class="quantity" data-label="空き"><span class="room-free">\(room.count.left)</span>\
            \(room.kind.unit)<span class="line support">\(room.count.total)\(room.kind.unit)中</span></td>\
            <td data-label="報告">\(age(room))\(promised(room))</td></tr>
            """
        }
        return """
            <table class="table"><caption>空きの多い順。療養先が自ら報告した数です。</caption><thead><tr>\
            <th scope="col">療養先</th><th scope="col" class="quantity">空き</th><th scope="col">報告</th></tr></thead>
            <tbody>\(lines)</tbody></table>
            """
    }

    private func age(_ room: PlacementRoom) -> HTML {
        let elapsed = HomeView.elapsed(now.seconds - room.count.at.seconds)
        return room.isStale
            ? #"<span class="stale">\#(elapsed)前（古い数です。電話で確かめてください）</span>"# : "\(elapsed)前"
    }

    private func promised(_ room: PlacementRoom) -> HTML {
        guard room.count.promised > 0 else { return .empty }
        return #"<span class="line support">報告の後に決まった\#(room.count.promised)人を引いた数</span>"#
    }

    // MARK: One

    func choose(
        _ file: CaseFile,
        _ rooms: [PlacementRoom],
        _ sent: FormData,
        _ findings: [Finding],
        _ refusal: String?,
        _ site: Site
    ) -> HTML {
        let refused = refusal.map { Components.banner(.error, title: "決められませんでした", body: "<p>\($0)</p>") }
        return Layout.page(
            title: "療養先の決定 \(file.number.display)",
            staff: staff,
            current: "/placement",
            site: site,
            main: """
                \(refused)
                <p class="back"><a href="/placement">入院・宿泊調整に戻る</a></p>
                \(CaseHeader.html(file, words: words))
                <h2>療養先を決める</h2>
                <p>重症度：\(Self.severity(file))　<a href="/cases/\(file.number.digits)">対象者のページで詳しく見る</a></p>
                \(present(file))
                <form method="post" action="/placement/\(file.number.digits)" novalidate>\(Components.csrf(staff))\
                <input type="hidden" name="seen" value="\(file.version)">
                \(choices(rooms, sent["place"] ?? "", findings.at("place")))
                \(Components.textField(
                    name: "place_from", label: "入院・入所の日",
                    value: sent["place_from"] ?? ValueText.editable(.date(now.japanDate), of: Item.placeFrom.definition),
                    required: true, hint: "この日から、療養先の画面に表示されます。例：2020/5/22",
                    errors: findings.at("place_from"), attributes: " autocomplete=\"off\""))
                \(Components.textArea(
                    name: "reason", label: "空きがなくても決める理由", value: sent["reason"] ?? "", required: false,
                    hint: "電話で受け入れを確かめたときなど、空きの数を超えて決めるときだけ入力してください。履歴に残ります。",
                    errors: findings.at("reason")))
                <p class="actions"><button type="submit" class="button button-primary">この療養先に決める</button>\
                <a class="button button-secondary" href="/placement">決めずに戻る</a></p></form>
                """,
            errors: findings,
            styles: ["entry.css", "care.css"]
        )
    }

    /// Where the person is now: that stay ends with the move.
    private func present(_ file: CaseFile) -> HTML {
        let stays = (file.entries[.whereabouts] ?? []).map(\.items).filter { $0[.placeTo] == nil }
        guard !stays.isEmpty else { return .empty }
        let lines: [HTML] = stays.map { stay in
            let kind = stay[.placeKind].map(CodeList.placeKind.label) ?? "居所"
            let name = stay[.placeOrganisation].map { "　\($0.name)" } ?? ""
            let from: HTML = stay[.placeFrom].map { "（\(Components.date($0))から）" } ?? .empty
            return "<strong>\(kind)\(name)</strong>\(from)"
        }
        return """
            <div class="case-note"><p>いまの居所：\(lines)。療養先を決めると、この居所は入院・入所の日に終わったものとして登録されます。\
            </p></div>
            """
    }

    /// Those with something left first; the others can be chosen with a reason.
    private func choices(_ rooms: [PlacementRoom], _ chosen: String, _ errors: [Finding]) -> HTML {
        guard !rooms.isEmpty else {
            return """
                <div class="nothing" id="field-place"><p>病床・居室の数を報告している医療機関・宿泊療養施設はありません。\
                対象者のページの「居所」から登録できます。</p></div>
                """
        }
        let (free, full) = (rooms.filter { $0.count.left > 0 }, rooms.filter { $0.count.left <= 0 })
        let described = Components.describedBy("place", "", errors)
        func line(_ index: Int, _ room: PlacementRoom) -> HTML {
            let value = Self.value(room)
            let mark: HTML = value == chosen ? " checked" : .empty
            let id = index == 0 ? "field-place" : "field-place-\(index + 1)"
            return """
                <li><label for="\(id)"><input type="radio" id="\(id)" name="place" value="\(value)"\(mark)\
                \(index == 0 ? described : .empty)><span class="room-text">\(room.organisation.name)　\(room.kind.label)\
                <br>空き <span class="room-free">\(room.count.left)</span>\(room.kind.unit)（\(age(room))）\(promised(room))</span>\
                </label></li>
                """
        }
        let freeLines: [HTML] = free.enumerated().map { line($0.offset, $0.element) }
        let fullLines: [HTML] = full.enumerated().map { line(free.count + $0.offset, $0.element) }
        let isOpen = free.isEmpty || full.contains { Self.value($0) == chosen }
        let rest: HTML =
            full.isEmpty
            ? .empty
            : """
            <details\(isOpen ? " open" : HTML.empty)><summary>空きのない療養先（\(full.count)）</summary>\
            <ul class="room-list">\(fullLines)</ul></details>
            """
        return """
            <fieldset class="field field-group\(errors.isEmpty ? "" : " has-error")"><legend class="label">療養先\
            \(Components.requirementMark(true))</legend><ul class="room-list">\(freeLines)</ul>\(rest)\
            \(Components.fieldErrors("place", errors))</fieldset>
            """
    }

    private static func value(_ room: PlacementRoom) -> String { "\(room.organisation.key)/\(room.kind.rawValue)" }
}
