using System.ComponentModel;
using VoiceGateway.Abstractions;

namespace VoiceGateway.Plugins.Lookups;

internal sealed class LookupTools(CustomerStore customers, OpeningHours hours)
{
    private const int DaysShown = 7;

    [Description("Looks up who is calling: name and number of earlier bookings.")]
    public async Task<object> FindCustomerAsync(
        CallContext call,
        [Description("Telephone number; leave it out for the number the caller is calling from")] string? phone = null,
        CancellationToken cancellationToken = default)
    {
        var number = string.IsNullOrWhiteSpace(phone) ? call.CallerNumber : phone;
        if (PhoneNumber.IsWithheld(number))
            throw new ToolException("The caller's number is withheld. Ask for the telephone number if you need it.");
        return await customers.FindAsync(number, cancellationToken) is { } customer
            ? new { Found = true, customer.Name, customer.Phone, customer.Bookings, customer.Since, customer.LastBooked }
            : new { Found = false, Phone = number };
    }

    [Description("Tells the opening hours, and the current date and time at the business.")]
    public object OpeningHours([Description("yyyy-MM-dd; leave it out for the coming seven days")] string? date = null)
    {
        var now = hours.Now;
        var today = hours.Today;
        var first = string.IsNullOrWhiteSpace(date) ? today : CallerTime.ReadDate(date, today);
        var days = string.IsNullOrWhiteSpace(date) ? DaysShown : 1;
        return new
        {
            Now = Words.Moment(now),
            OpenNow = hours.IsOpen(now, now),
            Hours = Enumerable.Range(0, days).Select(first.AddDays)
                .Select(day => new { Date = Words.Date(day), Day = day.DayOfWeek.ToString(), Open = hours.Describe(day) }),
        };
    }
}
