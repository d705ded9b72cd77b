from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("campaign", "0003_draft"),
    ]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="before",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="campaignphoto",
            name="earlier",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="campaignphoto",
            name="campaign",
            field=models.SlugField(max_length=60),
        ),
        migrations.AddConstraint(
            model_name="campaignphoto",
            constraint=models.UniqueConstraint(
                fields=("campaign", "earlier"), name="one_photo_of_a_state"
            ),
        ),
    ]
