import Access
import Casework
import Catalogue
import Hummingbird
import Storage

/// The first page: what waits for the signed-in organisation.
enum HomePage {
    static let routes: [Route] = [
        .page("/") { _, _, site, staff in
            let waiting = try await site.casework.firstPage(by: staff.caller)
            let words = try await CaseWords(site)
            var view = HomeView(site: site, staff: staff, words: words, page: waiting, now: site.casework.clock())
            view.filters = try await site.casework.savedFilters(by: staff.caller)
            view.faxes = try await site.casework.faxBacklog(by: staff.caller)
            if !waiting.drafts.isEmpty {
                // A form that was only opened is no work begun.
                let untouched = try await NotificationForm.defaults(site, staff)
                view.drafts = waiting.drafts.filter { $0.fields != untouched }
            }
            let listing = view.needsListing ? try await site.casework.list(latest, by: staff.caller) : nil
            return .page(view.render(listing))
        }
    ]

    private static var latest: ListRequest {
        var request = ListRequest()
        request.order = .updated
        request.limit = 20
        return request
    }
}
