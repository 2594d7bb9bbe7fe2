import Casework
import Hummingbird
import NIOCore
import Outreach

/// Where the telephone provider asks what to say in a call, and tells how calls and messages go.
enum ProviderRoutes {
    static let routes: [Route] = [
        .provider("\(ProviderAccount.voicePath)/{key}") { form, request, context, site, account in
            let document = try await site.casework.voiceStep(
                context.parameters.get("key") ?? "",
                asked: request.uri.queryParameters["asked"].flatMap { Int($0) } ?? 0,
                isTold: request.uri.queryParameters["told"] == "1",
                digits: form["Digits"] ?? "",
                reference: ProviderReport.plain(form["CallSid"]),
                account: account
            )
            return Response(
                status: .ok,
                headers: [.contentType: "text/xml; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: document))
            )
        },
        .provider("\(ProviderAccount.statusPath)/{key}") { form, _, context, site, _ in
            // What we don't understand is taken all the same: the provider would only send it again.
            if let report = ProviderReport(form.dictionary) {
                try await site.casework.providerReport(context.parameters.get("key") ?? "", report)
            }
            return Response(status: .noContent)
        },
    ]
}
