import Casework
import Hummingbird

/// 使い方: the manual, open to everybody; whoever can't sign in needs it most, and nothing in it is secret.
enum ManualPages {
    static let routes: [Route] = [
        .open(.get, "/manual") { request, context, site in
            let staff = try? await site.staff(request, context)
            return .page(ManualView.contents(staff, site))
        },
        ManualPictures.route,
        .open(.get, "/manual/{chapter}") { request, context, site in
            guard let key = context.parameters.get("chapter"), let chapter = Manual.chapter(key) else {
                throw Refusal.notFound
            }
            let staff = try? await site.staff(request, context)
            return .page(ManualView.chapter(chapter, staff, site))
        },
    ]
}
