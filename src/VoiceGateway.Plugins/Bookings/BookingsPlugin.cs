using Microsoft.Extensions.AI;
using VoiceGateway.Abstractions;
using VoiceGateway.Plugins.Lookups;

namespace VoiceGateway.Plugins.Bookings;

/// <summary>Tables of a restaurant: check, book, change, cancel, find.</summary>
public sealed class BookingsPlugin : IToolPlugin
{
    public string Name => "bookings";

    public async Task StartAsync(ToolPluginContext context, CancellationToken cancellationToken)
    {
        await SchemaMigrations.ApplyAsync(context.Database, Name, BookingSchema.Migrations, cancellationToken);
        await CustomerStore.CreateTablesAsync(context, cancellationToken);
    }

    public IEnumerable<AIFunction> CreateTools(ToolPluginContext context)
    {
        var plan = new FloorPlan(context.Settings);
        var hours = OpeningHours.From(context);
        var store = new BookingStore(context.Database, plan, hours, context.Time);
        var tools = new BookingTools(store, new BookingRules(plan, hours), hours);
        return
        [
            Tool.Create(tools.CheckAvailabilityAsync),
            Tool.Create(tools.CreateBookingAsync),
            Tool.Create(tools.ChangeBookingAsync),
            Tool.Create(tools.CancelBookingAsync),
            Tool.Create(tools.FindBookingAsync),
        ];
    }
}
