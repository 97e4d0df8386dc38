using System.ComponentModel;
using VoiceGateway.Abstractions;

namespace VoiceGateway.Plugins.Bookings;

/// <summary>What the model can do about tables. The descriptions are its manual.</summary>
internal sealed class BookingTools(BookingStore store, BookingRules rules, OpeningHours hours)
{
    private const int DaysSearched = 8;
    private const int AlternativesOffered = 3;
    private const int LongestName = 80;

    [Description("Checks whether a table is free. Changes nothing. When it is not, the nearest free times come with the answer.")]
    public async Task<object> CheckAvailabilityAsync(
        [Description("yyyy-MM-dd")] string date,
        [Description("HH:mm, 24 hours, on the hour or half hour")] string time,
        [Description("Number of guests")] int partySize,
        CancellationToken cancellationToken = default)
    {
        var start = ReadStart(date, time);
        var availability = await ReadAroundAsync(start, null, cancellationToken);
        var reason = rules.Refusal(start, partySize)
            ?? (availability.IsFree(start, partySize) ? null : FullyBooked(start, partySize));
        return reason is null
            ? new { Available = true, When = Words.Moment(start), PartySize = partySize }
            : new { Available = false, Reason = reason, Alternatives = Nearest(availability, start, partySize).Select(Words.Argument) };
    }

    [Description("Books a table. Only after the caller has confirmed date, time, number of guests and name. Read the booking number out digit by digit.")]
    public async Task<BookingAnswer> CreateBookingAsync(
        CallContext call,
        [Description("yyyy-MM-dd")] string date,
        [Description("HH:mm, 24 hours, on the hour or half hour")] string time,
        [Description("Number of guests")] int partySize,
        [Description("The name for the booking")] string name,
        [Description("Telephone number; leave it out for the number the caller is calling from")] string? phone = null,
        CancellationToken cancellationToken = default)
    {
        var start = ReadStart(date, time);
        var draft = new BookingDraft(start, partySize, ReadName(name), ReadPhone(phone, call), call.CallId, call.ToolCallId);
        await RefuseUnlessBookableAsync(start, partySize, null, cancellationToken);
        if (await store.CreateAsync(draft, cancellationToken) is not { } made)
            throw await RefusalAsync(FullyBooked(start, partySize), start, partySize, null, cancellationToken);
        return BookingAnswer.From(made.Booking, made.WasThere ? "This booking had already been made in this call; nothing new was booked." : null);
    }

    [Description("Moves a booking to another date or time, or changes the number of guests. Leave out what stays as it is.")]
    public async Task<BookingAnswer> ChangeBookingAsync(
        [Description("The six digits")] string bookingId,
        [Description("The new date, yyyy-MM-dd")] string? date = null,
        [Description("The new time, HH:mm, on the hour or half hour")] string? time = null,
        [Description("The new number of guests")] int? partySize = null,
        CancellationToken cancellationToken = default)
    {
        if (date is null && time is null && partySize is null)
            throw new ToolException("Say what to change: date, time or party_size.");
        var booking = await FindOpenAsync(bookingId, cancellationToken);
        var start = ReadStart(date ?? Words.Date(booking.StartsAt), time ?? Words.Time(booking.StartsAt));
        var guests = partySize ?? booking.PartySize;
        await RefuseUnlessBookableAsync(start, guests, booking.Id, cancellationToken);
        return await store.ChangeAsync(booking, start, guests, cancellationToken) is { } changed
            ? BookingAnswer.From(changed)
            : throw await RefusalAsync($"{FullyBooked(start, guests)} The booking stays as it was.", start, guests, booking.Id, cancellationToken);
    }

    [Description("Cancels a booking. Only after the caller has confirmed which one.")]
    public async Task<object> CancelBookingAsync([Description("The six digits")] string bookingId, CancellationToken cancellationToken = default)
    {
        var booking = await FindAsync(bookingId, cancellationToken);
        if (booking.IsCancelled)
            return new { Cancelled = true, BookingId = booking.Id, Note = "It had been cancelled before." };
        RefusePast(booking);
        await store.CancelAsync(booking, cancellationToken);
        return new { Cancelled = true, BookingId = booking.Id, When = Words.Moment(booking.StartsAt), booking.Name };
    }

    [Description("Finds upcoming bookings by number, name or telephone. Without any of them: those made for the number the caller is calling from.")]
    public async Task<object> FindBookingAsync(
        CallContext call,
        [Description("Name, or a part of it")] string? name = null,
        [Description("Telephone number")] string? phone = null,
        [Description("The six digits")] string? bookingId = null,
        CancellationToken cancellationToken = default)
    {
        if (!string.IsNullOrWhiteSpace(bookingId))
            return new { Bookings = new[] { BookingAnswer.From(await FindOpenAsync(bookingId, cancellationToken)) } };
        name = string.IsNullOrWhiteSpace(name) ? null : name;
        phone = string.IsNullOrWhiteSpace(phone) ? null : phone;
        if (name is null && phone is null)
            phone = PhoneNumber.IsWithheld(call.CallerNumber) ? throw new ToolException("The caller's number is withheld: ask for the name or the booking number.") : call.CallerNumber;
        var found = await store.FindUpcomingAsync(name, phone, cancellationToken);
        return new { Bookings = found.Select(b => BookingAnswer.From(b)) };
    }

    private DateTime ReadStart(string date, string time) => CallerTime.ReadDate(date, hours.Today).ToDateTime(CallerTime.ReadTime(time));

    private static string ReadName(string name) => name.Trim() switch
    {
        "" => throw new ToolException("name is empty: ask the caller for a name."),
        { Length: > LongestName } => throw new ToolException($"name must have at most {LongestName} characters."),
        var trimmed => trimmed,
    };

    private static string ReadPhone(string? phone, CallContext call)
    {
        var number = string.IsNullOrWhiteSpace(phone) ? call.CallerNumber : phone.Trim();
        return PhoneNumber.IsWithheld(number)
            ? throw new ToolException("The caller's number is withheld: ask for a telephone number and send it as phone.")
            : number;
    }

    private async Task<Booking> FindAsync(string bookingId, CancellationToken cancellationToken)
    {
        if (BookingId.Read(bookingId) is not { } id)
            throw new ToolException($"A booking number has six digits; you sent '{bookingId}'. Ask for it again, or use find_booking with a name.");
        return await store.FindAsync(id, cancellationToken)
            ?? throw new ToolException($"There is no booking {BookingId.Spell(id)}. Ask for the number again, or use find_booking with a name.");
    }

    private async Task<Booking> FindOpenAsync(string bookingId, CancellationToken cancellationToken)
    {
        var booking = await FindAsync(bookingId, cancellationToken);
        if (booking.IsCancelled)
            throw new ToolException($"The booking {BookingId.Spell(booking.Id)} has been cancelled.");
        RefusePast(booking);
        return booking;
    }

    private void RefusePast(Booking booking)
    {
        if (booking.EndsAt <= hours.Now)
            throw new ToolException($"The booking {BookingId.Spell(booking.Id)} was for {Words.Moment(booking.StartsAt)}, which is past.");
    }

    private async Task RefuseUnlessBookableAsync(DateTime start, int partySize, string? ignoredBookingId, CancellationToken cancellationToken)
    {
        if (rules.Refusal(start, partySize) is { } reason)
            throw await RefusalAsync(reason, start, partySize, ignoredBookingId, cancellationToken);
    }

    private async Task<ToolException> RefusalAsync(string reason, DateTime start, int partySize, string? ignoredBookingId, CancellationToken cancellationToken)
    {
        var free = Nearest(await ReadAroundAsync(start, ignoredBookingId, cancellationToken), start, partySize);
        return new ToolException(free.Count == 0 ? reason : $"{reason} Nearest free times for {partySize}: {string.Join(", ", free.Select(Words.Argument))}.");
    }

    private async Task<Availability> ReadAroundAsync(DateTime start, string? ignoredBookingId, CancellationToken cancellationToken)
    {
        var first = SearchFrom(start).ToDateTime(TimeOnly.MinValue);
        return await store.ReadAvailabilityAsync(first, first.AddDays(DaysSearched + 2), ignoredBookingId, cancellationToken);
    }

    // A date in the past is answered with times from today on, one too far ahead with the last days there are.
    private DateOnly SearchFrom(DateTime start) => rules.ClampToBookable(DateOnly.FromDateTime(start));

    private IReadOnlyList<DateTime> Nearest(Availability availability, DateTime start, int partySize) =>
        partySize < 1 ? [] : availability.Nearest(start, partySize, SearchFrom(start), DaysSearched, AlternativesOffered);

    private static string FullyBooked(DateTime start, int partySize) => $"There is no table free for {partySize} on {Words.Moment(start)}.";
}
